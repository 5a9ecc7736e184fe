"""A read sees the order at one moment, even if a parcel leaves meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from order_api.core import database
from order_api.core.snapshot import snapshot
from order_api.orders.note import lock_and_add_note
from order_api.shipments.ship import ship
from order_api.words import Role
from tests.factories.at_fulfillment import hand_to_fulfillment
from tests.factories.companies import Company
from tests.factories.orders import Json
from tests.factories.others import transaction_of_another
from tests.fixtures.pages import log_in
from tests.fixtures.service import Client


@contextmanager
def shipped_before_shipments_are_read(company: Company, order: Json) -> Iterator[None]:
    """Another connection ships the order and commits just before the read queries the shipments."""
    still_to_ship = [order]
    quantities = {item["line_id"]: item["quantity"] for item in order["items"]}

    def commit_in_between(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM shipments" in statement and still_to_ship:
            still_to_ship.clear()
            with transaction_of_another() as session:
                ship(session, company.actor, UUID(order["id"]), quantities, carrier="dhl", tracking_number="BETWEEN")

    event.listen(database.engine(), "before_cursor_execute", commit_in_between)
    try:
        yield
    finally:
        event.remove(database.engine(), "before_cursor_execute", commit_in_between)


@pytest.fixture
def order(channel: Client) -> Json:
    return hand_to_fulfillment(channel.place())


def test_an_order_that_ships_while_it_is_read_is_answered_as_it_was(
    channel: Client, company: Company, order: Json
) -> None:
    with shipped_before_shipments_are_read(company, order):
        answer = channel.get(f"/v1/orders/{order['id']}")

    assert (answer.status_code, answer.get_json()["shipments"]) == (200, [])
    [shipment] = channel.get(f"/v1/orders/{order['id']}").get_json()["shipments"]
    assert (shipment["tracking_number"], len(shipment["lines"])) == ("BETWEEN", 1)


def test_the_page_of_an_order_that_ships_while_it_is_read_shows_it_as_it_was(
    app: Flask, company: Company, order: Json
) -> None:
    with app.test_client() as browser, shipped_before_shipments_are_read(company, order):
        log_in(browser, company.staff[Role.CSR_ADMIN])
        page = browser.get(f"/console/orders/{order['id']}")

    assert page.status_code == 200
    assert "BETWEEN" not in page.text


def test_nothing_can_be_written_in_a_request_that_reads(channel: Client, company: Company, order: Json) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"), snapshot() as session:
        lock_and_add_note(session, company.actor, UUID(order["id"]), "written while reading")

    assert channel.get(f"/v1/orders/{order['id']}").get_json()["notes"] == []
