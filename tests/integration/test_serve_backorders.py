"""Backorders too many for one transaction are served in parts, and a crash in between skips no reservation."""

from uuid import UUID

import pytest
from sqlalchemy import select

from order_api.core.database import transaction
from order_api.outbox import claims
from order_api.outbox.models import OutboxRow, RowState
from order_api.reservations import serve_backorders as serve_backorders_module
from order_api.reservations.release import release_items
from order_api.reservations.serve_backorders import serve_more_backorders
from order_api.reservations.status import ReservationStatus
from tests.factories.companies import Company
from tests.factories.deaths import dying_transaction
from tests.factories.orders import line
from tests.factories.outbox_rows import claim
from tests.factories.shelf import Line, Shelf, at_once
from tests.fixtures.service import Client
from workers.deliver_row import deliver_row

RESERVED, BACKORDERED = ReservationStatus.RESERVED, ReservationStatus.BACKORDERED


@pytest.fixture
def shelf(company: Company, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Limits one transaction to two reservations."""
    monkeypatch.setattr(serve_backorders_module, "MAX_SERVED", 2)
    return Shelf(company)


def statuses(shelf: Shelf, lines: list[Line]) -> list[ReservationStatus | None]:
    return [shelf.status(line) for line in lines]


def rows_to_serve(shelf: Shelf) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.name == "serve-backorders", OutboxRow.state == RowState.PENDING)
    with transaction() as session:
        return list(session.scalars(query.where(OutboxRow.payload["sku"].astext == shelf.sku).order_by(OutboxRow.id)))


def relay(row: OutboxRow) -> RowState:
    """Sends the row like a relay and writes the answer down."""
    [claimed] = [each for each in claim(row.business_key) if each.id == row.id]
    answer = deliver_row(claimed)
    with transaction() as session:
        claims.record_results(session, [answer])
    return answer.state


def test_a_long_line_is_served_in_parts_and_a_death_in_between_loses_none(shelf: Shelf) -> None:
    lines = [shelf.reserved(1) for _ in range(5)]
    shelf.receive(5)
    assert statuses(shelf, lines) == [RESERVED, RESERVED, BACKORDERED, BACKORDERED, BACKORDERED]
    [row] = rows_to_serve(shelf)

    with dying_transaction() as session:
        serve_more_backorders(session, shelf.sku)
    served_at_death = statuses(shelf, lines)
    relay(row)
    [rest] = rows_to_serve(shelf)
    relay(rest)

    assert served_at_death == [RESERVED, RESERVED, BACKORDERED, BACKORDERED, BACKORDERED]
    assert statuses(shelf, lines) == [RESERVED] * 5
    assert shelf.woken() == [line.item_id for line in lines]
    assert rows_to_serve(shelf) == []
    assert shelf.status(shelf.reserved(1)) == BACKORDERED


def test_a_new_reservation_does_not_overtake_the_backorders_that_are_not_served_yet(shelf: Shelf) -> None:
    lines = [shelf.reserved(1) for _ in range(3)]
    shelf.receive(4)

    late = shelf.reserved(1)
    assert shelf.status(late) == BACKORDERED

    relay(rows_to_serve(shelf)[0])
    assert statuses(shelf, [*lines, late]) == [RESERVED] * 4


def test_serving_the_rest_twice_gives_the_units_once(shelf: Shelf) -> None:
    lines = [shelf.reserved(1) for _ in range(3)]
    shelf.receive(3)
    [row] = rows_to_serve(shelf)

    assert [relay(row), deliver_row(row).state] == [RowState.DELIVERED, RowState.DELIVERED]

    assert statuses(shelf, lines) == [RESERVED] * 3
    assert shelf.woken() == [line.item_id for line in lines]
    assert shelf.count() == (3, 3)


def test_no_further_part_is_requested_when_the_units_are_used_up(shelf: Shelf) -> None:
    lines = [shelf.reserved(1) for _ in range(3)]

    shelf.receive(2)

    assert statuses(shelf, lines) == [RESERVED, RESERVED, BACKORDERED]
    assert rows_to_serve(shelf) == []


def test_a_release_of_several_skus_serves_no_more_lines_than_one_transaction_may(
    shelf: Shelf, channel: Client, company: Company
) -> None:
    shelves = [shelf, Shelf(company)]
    holder = channel.place(*(line("10.00", 2, line_id=each.sku, sku=each.sku) for each in shelves))
    for each, item in zip(shelves, holder["items"], strict=True):
        each.receive(2)
        each.reserve(Line(UUID(holder["id"]), UUID(item["id"])))
    first, second = sorted(shelves, key=lambda each: each.sku)
    waiting = {each.sku: [each.reserved(1) for _ in range(2)] for each in shelves}

    with transaction() as session:
        release_items(session, company.actor, UUID(holder["id"]))

    assert statuses(first, waiting[first.sku]) == [RESERVED, RESERVED]
    assert statuses(second, waiting[second.sku]) == [BACKORDERED, BACKORDERED]
    relay(rows_to_serve(second)[0])
    assert statuses(second, waiting[second.sku]) == [RESERVED, RESERVED]


def test_orders_with_the_same_skus_in_opposite_order_do_not_deadlock(
    migrated: None, channel: Client, company: Company
) -> None:
    shelves = [Shelf(company) for _ in range(3)]
    lines = [line("10.00", 1, line_id=each.sku, sku=each.sku) for each in shelves]
    orders = [channel.place(*(lines if number % 2 else lines[::-1])) for number in range(8)]
    for each in shelves:
        each.receive(8)
    for order in orders:
        for item in order["items"]:
            shelves[0].reserve(Line(UUID(order["id"]), UUID(item["id"])))

    def release(number: int) -> None:
        with transaction() as session:
            release_items(session, company.actor, UUID(orders[number]["id"]))

    at_once(8, release)

    assert [each.count() for each in shelves] == [(8, 0)] * 3
