"""Logs identify events by ids and contain no names and addresses."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DataError

from deploy.local.postgres import EmbeddedPostgres
from order_api.core.database import transaction
from order_api.orders.models import Order
from order_api.outbox.models import OutboxRow
from tests.factories.orders import address
from tests.fixtures.service import Client
from workers.deliver_row import deliver_row

PERSONAL = ("grace", "hopper", "navy.example", "555 0199", "compiler street", "arlington", "ring twice", "tok_of_grace")
ORDER: dict[str, Any] = {
    "customer": {"type": "guest", "name": "Grace Hopper", "email": "grace@navy.example", "phone": "+1 555 0199"},
    "billing_address": address(name="Grace Hopper", line1="1 Compiler Street", city="Arlington"),
    "note": "Please ring twice.",
}


def personal_data_in(log: str) -> list[str]:
    return [word for word in PERSONAL if word in log.lower()]


def test_a_placed_order_leaves_no_personal_data_in_the_log(channel: Client, capfd: pytest.CaptureFixture[str]) -> None:
    tender = {"type": "card", "token": "tok_of_grace", "amount": "10.00"}
    order = channel.place(**ORDER, tenders=[tender])
    channel.get("/v1/orders", customer_email="grace@navy.example")
    channel.post(f"/v1/orders/{order['id']}/notes", {"text": "Grace Hopper called."})

    log = "".join(capfd.readouterr())

    assert '"event": "answered"' in log
    assert personal_data_in(log) == []


def test_a_refused_order_leaves_no_personal_data_in_the_log(channel: Client, capfd: pytest.CaptureFixture[str]) -> None:
    channel.post("/v1/orders", channel.body(**ORDER, tenders=[]))
    channel.post("/v1/orders", {**channel.body(**ORDER), "grace hopper": 1})

    assert personal_data_in("".join(capfd.readouterr())) == []


def test_an_answer_is_logged_with_the_ids_that_find_it_again(
    channel: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    order = channel.place()
    capfd.readouterr()

    answer = channel.call("GET", f"/v1/orders/{order['id']}", headers={"X-Request-ID": "from-the-shop"})

    [entry] = [json.loads(row) for row in capfd.readouterr().out.splitlines()]
    assert answer.headers["X-Request-ID"] == entry["request_id"] == "from-the-shop"
    assert (entry["event"], entry["method"], entry["route"], entry["status"]) == (
        "answered",
        "GET",
        "/v1/orders/<uuid:order_id>",
        200,
    )
    assert entry["order_id"] == order["id"]


def test_a_database_error_names_the_table_but_not_the_data(
    channel: Client,
) -> None:
    order = channel.place(**ORDER)

    with pytest.raises(DataError, match="out of range") as failed:
        store(UUID(order["id"]), customer_name="Rear Admiral Grace Hopper", grand_total=2**70)

    assert personal_data_in(str(failed.value)) == []
    assert Order.__tablename__ in str(failed.value)


def store(order_id: UUID, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Order).where(Order.id == order_id).values(**values))


def test_the_log_of_the_database_holds_nothing_of_a_refused_order(channel: Client, postgres: EmbeddedPostgres) -> None:
    body = channel.body(**ORDER, external_id="shop-of-grace-1")
    channel.post("/v1/orders", body)

    again = channel.post("/v1/orders", body)

    log = postgres.log_file.read_text()
    assert again.status_code == 409
    assert "violates unique constraint" in log
    assert "shop-of-grace-1" not in log
    assert personal_data_in(log) == []


def test_a_row_for_the_engine_is_sent_under_the_id_of_the_request_that_wrote_it(
    channel: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    headers = {"X-Request-ID": "from-the-shop"}
    order = channel.call("POST", "/v1/orders", json=channel.body(**ORDER), headers=headers).get_json()
    with transaction() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.business_key == order["number"])).one()
    capfd.readouterr()

    deliver_row(row)

    log = capfd.readouterr().out
    entry = json.loads(log.splitlines()[-1])
    assert (entry["event"], entry["row_name"], entry["result"]) == ("outbox_row_sent", "order-submit", "later")
    assert (entry["business_key"], entry["request_id"]) == (order["number"], "from-the-shop")
    assert personal_data_in(log) == []
