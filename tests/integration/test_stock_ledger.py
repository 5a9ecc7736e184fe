"""The builtin inventory on a real PostgreSQL: one row lock per sku decides, also when everybody comes at once (J6)."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from order_api.reservations import stock_ledger
from order_api.reservations.port import Inventory, StockAnswer, StockReceipt
from order_api.reservations.stock_ledger import StockLedger
from tests.factories.shelf import Shelf
from tests.integration.inventory_promises import InventoryPromises

HELD, BACKORDERED, REFUSED = StockAnswer.HELD, StockAnswer.BACKORDERED, StockAnswer.REFUSED
Result = TypeVar("Result")


@pytest.fixture
def shelf(migrated: None) -> Shelf:
    return Shelf()


class TestStockLedger(InventoryPromises):
    @pytest.fixture
    def allocated(self) -> list[UUID]:
        return []

    @pytest.fixture
    def inventory(self, migrated: None, allocated: list[UUID]) -> Inventory:
        return StockLedger(lambda _session, key: allocated.append(key))


def at_once(times: int, act: Callable[[int], Result]) -> list[Result]:
    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(act, range(times)))


def test_stock_that_is_there_is_held(shelf: Shelf) -> None:
    shelf.receive(5)

    key, answer = shelf.hold(3)

    assert answer == HELD == shelf.find(key)
    assert shelf.count() == (5, 3)


def test_a_hold_asked_twice_is_made_once(shelf: Shelf) -> None:
    shelf.receive(5)
    key, _ = shelf.hold(3)

    assert shelf.hold(3, key) == (key, HELD)
    assert shelf.count() == (5, 3)


def test_a_line_is_held_whole_or_waits_whole(shelf: Shelf) -> None:
    shelf.receive(2)

    key, answer = shelf.hold(3)

    assert answer == BACKORDERED == shelf.find(key)
    assert shelf.count() == (2, 0)


def test_twenty_holds_at_once_for_the_last_unit_are_one_held(shelf: Shelf) -> None:
    shelf.receive(1)

    answers = at_once(20, lambda _: shelf.hold(1)[1])

    assert Counter(answers) == {HELD: 1, BACKORDERED: 19}
    assert shelf.count() == (1, 1)


def test_nobody_overtakes_who_waits_though_there_is_enough_for_him(shelf: Shelf) -> None:
    shelf.receive(2)
    shelf.hold(3)

    _, answer = shelf.hold(1)

    assert answer == BACKORDERED


def test_received_stock_goes_to_the_oldest_first(shelf: Shelf) -> None:
    keys = [shelf.hold(2)[0] for _ in range(3)]

    shelf.receive(4)

    assert shelf.told == keys[:2]
    assert [shelf.find(key) for key in keys] == [HELD, HELD, BACKORDERED]


def test_the_oldest_gets_a_part_and_goes_on_waiting(shelf: Shelf) -> None:
    first, _ = shelf.hold(3)
    second, _ = shelf.hold(1)

    shelf.receive(2)

    assert shelf.told == []
    assert (shelf.find(first), shelf.allocated(first)) == (BACKORDERED, 2)
    assert (shelf.find(second), shelf.allocated(second)) == (BACKORDERED, 0)
    shelf.receive(2)
    assert shelf.told == [first, second]


def test_what_is_released_goes_to_the_next_in_line(shelf: Shelf) -> None:
    shelf.receive(2)
    holder, _ = shelf.hold(2)
    waiting, _ = shelf.hold(2)

    shelf.release(holder)

    assert shelf.told == [waiting]
    assert (shelf.find(holder), shelf.find(waiting)) == (None, HELD)
    assert shelf.count() == (2, 2)


def test_a_long_line_is_served_in_parts_and_a_death_in_between_loses_nobody(
    migrated: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock_ledger, "SERVED_AT_ONCE", 2)
    keys, sku, dies_at = [uuid4() for _ in range(5)], f"SKU-{uuid4()}", set[UUID]()

    def tell(_: Session, key: UUID) -> None:
        if key in dies_at:
            raise ConnectionError("died")

    ledger, arrived = StockLedger(tell), StockReceipt(f"R-{uuid4()}", sku, "main", "A", 5)
    for key in keys:
        ledger.hold(key, sku, 1)
    dies_at.add(keys[3])
    with pytest.raises(ConnectionError):
        ledger.receive(arrived)
    served_before = [ledger.find(key) for key in keys]

    dies_at.clear()
    ledger.receive(arrived)

    assert served_before == [HELD, HELD, BACKORDERED, BACKORDERED, BACKORDERED]
    assert [ledger.find(key) for key in keys] == [HELD] * 5
    assert ledger.hold(uuid4(), sku, 1) == BACKORDERED


def test_who_gives_up_waiting_frees_the_part_he_was_given(shelf: Shelf) -> None:
    first, _ = shelf.hold(3)
    second, _ = shelf.hold(2)
    shelf.receive(2)

    shelf.release(first)

    assert shelf.told == [second]
    assert shelf.count() == (2, 2)


def test_releasing_twice_frees_once(shelf: Shelf) -> None:
    shelf.receive(2)
    key, _ = shelf.hold(2)

    shelf.release(key)
    shelf.release(key)

    assert shelf.count() == (2, 0)


def test_a_hold_that_comes_after_its_release_comes_to_nothing(shelf: Shelf) -> None:
    shelf.receive(2)
    key = uuid4()

    shelf.release(key)

    assert shelf.hold(2, key) == (key, REFUSED)
    assert shelf.find(key) is None
    assert shelf.count() == (2, 0)


def test_what_has_left_is_neither_on_hand_nor_promised(shelf: Shelf) -> None:
    shelf.receive(5)
    key, _ = shelf.hold(3)

    shelf.take(key, 2)

    assert shelf.count() == (3, 1)


def test_a_shipment_told_twice_leaves_once(shelf: Shelf) -> None:
    shelf.receive(5)
    key, _ = shelf.hold(3)
    shipment = uuid4()

    shelf.take(key, 2, shipment)
    shelf.take(key, 2, shipment)

    assert shelf.count() == (3, 1)


def test_what_has_left_is_not_freed_by_a_release(shelf: Shelf) -> None:
    shelf.receive(5)
    key, _ = shelf.hold(3)
    shelf.take(key, 2)

    shelf.release(key, shipped=2)

    assert shelf.count() == (3, 0)


def test_a_release_keeps_the_units_of_a_shipment_that_is_told_later(shelf: Shelf) -> None:
    shelf.receive(5)
    key, _ = shelf.hold(3)

    shelf.release(key, shipped=2)
    assert shelf.count() == (5, 2)

    shelf.take(key, 2)
    assert shelf.count() == (3, 0)


def test_a_release_of_a_hold_of_which_more_shipped_than_it_was_given_promises_nothing_more(shelf: Shelf) -> None:
    key, _ = shelf.hold(3)
    shelf.receive(1)
    shelf.receive(1, bin="B")

    shelf.release(key, shipped=3)

    assert shelf.count() == (2, 2)


def test_stock_is_taken_from_the_bins_it_was_promised_in(shelf: Shelf) -> None:
    shelf.receive(2, "A")
    shelf.receive(2, "B")
    key, _ = shelf.hold(3)

    shelf.take(key, 3)

    assert shelf.count() == (1, 0)


@pytest.mark.parametrize(("limit", "last"), [(4, REFUSED), (5, BACKORDERED)])
def test_above_the_backorder_limit_nobody_is_taken_on(shelf: Shelf, limit: int, last: StockAnswer) -> None:
    shelf.limit_backorders_to(limit)
    shelf.hold(3)

    key, answer = shelf.hold(2)

    assert answer == last
    assert shelf.find(key) == (None if last == REFUSED else BACKORDERED)


def test_the_backorder_limit_does_not_touch_stock_that_is_there(shelf: Shelf) -> None:
    shelf.limit_backorders_to(0)
    shelf.receive(2)

    assert shelf.hold(2)[1] == HELD
    assert shelf.hold(1)[1] == REFUSED


def test_a_receipt_and_a_release_at_once_leave_nobody_forgotten(shelf: Shelf) -> None:
    shelf.receive(10)
    holders = [shelf.hold(1)[0] for _ in range(10)]
    waiting = [shelf.hold(1)[0] for _ in range(15)]

    at_once(20, lambda i: shelf.release(holders[i]) if i < 10 else shelf.receive(1))

    assert shelf.told == waiting
    assert shelf.count() == (20, 15)


def test_a_hold_and_its_release_at_once_promise_nothing(shelf: Shelf) -> None:
    shelf.receive(100)
    keys = [uuid4() for _ in range(10)]

    at_once(20, lambda i: shelf.hold(1, keys[i]) if i < 10 else shelf.release(keys[i - 10]))

    assert [shelf.find(key) for key in keys] == [None] * 10
    assert shelf.count() == (100, 0)


def test_who_is_told_is_told_in_the_transaction_of_the_stock(shelf: Shelf) -> None:
    key, _ = shelf.hold(1)

    def broken(_session: Session, _key: UUID) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        StockLedger(broken).receive(StockReceipt(f"R-{uuid4()}", shelf.sku, "main", "A", 1))

    assert shelf.find(key) == BACKORDERED
    assert shelf.count() == (0, 0)
