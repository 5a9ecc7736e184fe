"""Reserving and receiving on a real PostgreSQL: one row lock per sku serializes concurrent stories (J6)."""

from collections import Counter
from uuid import uuid4

import pytest

from order_api.reservations.errors import BackorderLimitReached, OutOfStock, ReceiptReferenceUsed
from order_api.reservations.receive import StockReceipt, receive_inventory
from order_api.reservations.status import ReservationStatus
from tests.factories.companies import Company
from tests.factories.deaths import dying_transaction
from tests.factories.shelf import Shelf, at_once

RESERVED, BACKORDERED, REFUSED = ReservationStatus.RESERVED, ReservationStatus.BACKORDERED, ReservationStatus.REFUSED


@pytest.fixture
def shelf(company: Company) -> Shelf:
    return Shelf(company)


# Reserving.


def test_stock_that_is_there_is_held(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.order(3)

    assert shelf.reserve(line) is None

    assert shelf.status(line) == RESERVED
    assert shelf.count() == (5, 3)


def test_a_line_that_never_asked_has_no_reservation(shelf: Shelf) -> None:
    shelf.receive(5)

    assert shelf.status(shelf.order(3)) is None
    assert shelf.count() == (5, 0)


def test_a_reservation_asked_twice_is_made_once(shelf: Shelf) -> None:
    shelf.receive(4)
    line = shelf.order(2)

    assert [shelf.reserve(line) for _ in range(2)] == [None, None]

    assert shelf.status(line) == RESERVED
    assert shelf.count() == (4, 2)
    assert shelf.status(shelf.reserved(2)) == RESERVED


def test_a_line_is_held_whole_or_waits_whole(shelf: Shelf) -> None:
    shelf.receive(2)
    line = shelf.order(3)

    assert isinstance(shelf.reserve(line), OutOfStock)

    assert shelf.status(line) == BACKORDERED
    assert shelf.count() == (2, 0)


def test_a_line_that_asks_again_while_it_waits_keeps_its_place_and_gets_the_same_answer(shelf: Shelf) -> None:
    first, second = shelf.reserved(1), shelf.reserved(1)

    assert isinstance(shelf.reserve(first), OutOfStock)

    shelf.receive(1)
    assert [shelf.status(line) for line in (first, second)] == [RESERVED, BACKORDERED]


def test_of_twenty_lines_at_once_exactly_one_gets_the_last_unit(shelf: Shelf) -> None:
    shelf.receive(1)
    lines = [shelf.order(1) for _ in range(20)]

    at_once(20, lambda i: shelf.reserve(lines[i]))

    assert Counter(map(shelf.status, lines)) == {RESERVED: 1, BACKORDERED: 19}
    assert shelf.count() == (1, 1)


def test_a_line_that_could_be_served_does_not_overtake_one_that_waits(shelf: Shelf) -> None:
    shelf.receive(2)
    shelf.reserved(3)

    assert shelf.status(shelf.reserved(1)) == BACKORDERED


@pytest.mark.parametrize(("limit", "last"), [(4, REFUSED), (5, BACKORDERED)])
def test_above_the_backorder_limit_no_line_is_taken_on(shelf: Shelf, limit: int, last: ReservationStatus) -> None:
    shelf.limit_backorders_to(limit)
    shelf.reserved(3)
    line = shelf.order(2)

    answer = shelf.reserve(line)

    assert isinstance(answer, BackorderLimitReached if last == REFUSED else OutOfStock)
    assert shelf.status(line) == last
    assert len(shelf.open_reservations()) == (1 if last == REFUSED else 2)


def test_the_backorder_limit_does_not_touch_stock_that_is_there(shelf: Shelf) -> None:
    shelf.limit_backorders_to(0)
    shelf.receive(2)

    assert shelf.status(shelf.reserved(2)) == RESERVED
    assert shelf.status(shelf.reserved(1)) == REFUSED


def test_a_line_that_was_refused_asks_anew(shelf: Shelf) -> None:
    shelf.limit_backorders_to(0)
    line = shelf.reserved(2)
    shelf.receive(2)

    assert shelf.reserve(line) is None
    assert shelf.status(line) == RESERVED


# Receiving.


def test_received_stock_goes_to_the_oldest_first(shelf: Shelf) -> None:
    lines = [shelf.reserved(2) for _ in range(3)]

    shelf.receive(4)

    assert shelf.woken() == [line.item_id for line in lines[:2]]
    assert [shelf.status(line) for line in lines] == [RESERVED, RESERVED, BACKORDERED]


def test_a_receipt_serves_the_oldest_first_and_wakes_only_those_that_have_all(shelf: Shelf) -> None:
    first, second = shelf.reserved(2), shelf.reserved(2)

    shelf.receive(3)

    assert (shelf.status(first), shelf.status(second)) == (RESERVED, BACKORDERED)
    assert shelf.woken() == [first.item_id]


def test_the_oldest_gets_a_part_and_goes_on_waiting(shelf: Shelf) -> None:
    first, second = shelf.reserved(3), shelf.reserved(1)

    shelf.receive(2)

    assert shelf.woken() == []
    assert (shelf.status(first), shelf.allocated(first)) == (BACKORDERED, 2)
    assert (shelf.status(second), shelf.allocated(second)) == (BACKORDERED, 0)
    shelf.receive(2)
    assert shelf.woken() == [first.item_id, second.item_id]


def test_a_receipt_sent_twice_counts_once(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.receive(1, reference=f"R-{shelf.sku}")

    assert shelf.count() == (1, 0)
    assert [shelf.status(shelf.reserved(1)) for _ in range(2)] == [RESERVED, BACKORDERED]


def test_the_reference_of_a_receipt_is_refused_with_another_quantity(shelf: Shelf) -> None:
    shelf.receive(1, reference=f"R-{shelf.sku}")

    with pytest.raises(ReceiptReferenceUsed):
        shelf.receive(2, reference=f"R-{shelf.sku}")

    assert shelf.count() == (1, 0)


def test_flows_are_woken_in_the_transaction_of_the_stock(shelf: Shelf) -> None:
    line = shelf.reserved(1)

    with dying_transaction() as session:
        receive_inventory(session, StockReceipt(f"R-{uuid4()}", shelf.sku, "main", "A", 1))

    assert shelf.status(line) == BACKORDERED
    assert shelf.count() == (0, 0)
    assert shelf.woken() == []
