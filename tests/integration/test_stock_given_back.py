"""Releasing stock and taking it off the shelf: released units go to the oldest backorder, shipped ones do not."""

import pytest

from order_api.cancellations.cancel import cancel_order
from order_api.core.database import transaction
from order_api.orders.errors import CancelRequested
from order_api.reservations.status import ReservationStatus
from tests.factories.companies import Company
from tests.factories.shelf import Shelf, at_once

RESERVED, BACKORDERED = ReservationStatus.RESERVED, ReservationStatus.BACKORDERED
RELEASED, TAKEN = ReservationStatus.RELEASED, ReservationStatus.TAKEN


@pytest.fixture
def shelf(company: Company) -> Shelf:
    return Shelf(company)


# Releasing.


def test_what_is_released_goes_to_the_next_in_line(shelf: Shelf) -> None:
    shelf.receive(2)
    holder, waiting = shelf.reserved(2), shelf.reserved(2)

    shelf.release(holder)

    assert shelf.woken() == [waiting.item_id]
    assert (shelf.status(holder), shelf.status(waiting)) == (RELEASED, RESERVED)
    assert shelf.count() == (2, 2)


def test_a_line_that_gives_up_waiting_frees_the_part_it_was_given(shelf: Shelf) -> None:
    first, second = shelf.reserved(3), shelf.reserved(2)
    shelf.receive(2)

    shelf.release(first)

    assert shelf.woken() == [second.item_id]
    assert shelf.count() == (2, 2)


def test_releasing_twice_frees_once(shelf: Shelf) -> None:
    shelf.receive(2)
    line = shelf.reserved(2)

    shelf.release(line)
    shelf.release(line)

    assert shelf.status(line) == RELEASED
    assert shelf.count() == (2, 0)
    assert [shelf.status(shelf.reserved(2)) for _ in range(2)] == [RESERVED, BACKORDERED]


def test_a_reservation_that_comes_after_the_undo_comes_to_nothing(shelf: Shelf, company: Company) -> None:
    shelf.receive(2)
    line = shelf.order(2)
    with transaction() as session:
        cancel_order(session, company.actor, line.order_id, "changed_mind")
    shelf.release(line)

    with pytest.raises(CancelRequested):
        shelf.reserve(line)

    assert shelf.status(line) is None
    assert shelf.count() == (2, 0)


def test_a_reservation_that_comes_after_its_item_was_given_up_comes_to_nothing(shelf: Shelf) -> None:
    shelf.receive(2)
    line = shelf.order(2)

    shelf.cancel(line)

    assert shelf.reserve(line) is None
    assert shelf.status(line) is None
    assert shelf.count() == (2, 0)
    assert shelf.status(shelf.reserved(2)) == RESERVED


def test_a_receipt_and_a_release_at_once_leave_no_line_forgotten(shelf: Shelf) -> None:
    shelf.receive(10)
    holders = [shelf.reserved(1) for _ in range(10)]
    waiting = [shelf.reserved(1) for _ in range(15)]

    at_once(20, lambda i: shelf.release(holders[i]) if i < 10 else shelf.receive(1))

    assert shelf.woken() == [line.item_id for line in waiting]
    assert shelf.count() == (20, 15)


def test_a_reservation_and_its_release_at_once_promise_nothing(shelf: Shelf) -> None:
    shelf.receive(100)
    lines = [shelf.order(1) for _ in range(10)]

    at_once(20, lambda i: shelf.reserve(lines[i]) if i < 10 else shelf.cancel(lines[i - 10]))

    assert {shelf.status(line) for line in lines} <= {None, RELEASED}
    assert shelf.count() == (100, 0)


# Taking off the shelf.


def test_what_has_left_is_neither_on_hand_nor_promised(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.reserved(3)

    shelf.ship_and_take(line, 2)

    assert shelf.status(line) == RESERVED
    assert shelf.count() == (3, 1)


def test_a_shipment_reported_twice_is_taken_once(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.reserved(3)
    shipment_id = shelf.ship_and_take(line, 2)

    shelf.take(line, shipment_id)

    assert shelf.count() == (3, 1)
    shelf.release(line)
    assert [shelf.status(shelf.reserved(units)) for units in (3, 1)] == [RESERVED, BACKORDERED]


def test_a_reservation_whose_last_units_left_is_taken(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.reserved(3)
    first, second = shelf.ship(line, 2), shelf.ship(line, 1)

    shelf.take(line, second)
    assert shelf.status(line) == RESERVED

    shelf.take(line, first)
    assert shelf.status(line) == TAKEN
    assert shelf.count() == (2, 0)


def test_what_has_left_is_not_freed_by_a_release(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.reserved(3)
    shelf.ship_and_take(line, 2)

    shelf.release(line)

    assert shelf.count() == (3, 0)


def test_a_release_keeps_the_units_of_a_shipment_that_is_taken_later(shelf: Shelf) -> None:
    shelf.receive(5)
    line = shelf.reserved(3)
    shipment_id = shelf.ship(line, 2)

    shelf.release(line)
    assert shelf.count() == (5, 2)

    shelf.take(line, shipment_id)
    assert shelf.count() == (3, 0)


def test_releasing_a_line_that_shipped_more_than_it_was_given_frees_nothing(shelf: Shelf) -> None:
    line = shelf.reserved(3)
    shelf.receive(1)
    shelf.receive(1, bin="B")
    shelf.ship(line, 3)

    shelf.release(line)

    assert shelf.count() == (2, 2)


def test_stock_is_taken_from_the_bins_it_was_promised_in(shelf: Shelf) -> None:
    shelf.receive(2, "A")
    shelf.receive(2, "B")
    line = shelf.reserved(3)

    shelf.ship_and_take(line, 3)

    assert shelf.count() == (1, 0)


def test_goods_that_were_never_reserved_change_no_stock(shelf: Shelf) -> None:
    shelf.receive(2)
    line = shelf.order(2)

    shelf.ship_and_take(line, 2)

    assert shelf.count() == (2, 0)
