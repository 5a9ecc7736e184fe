"""Whatever happens to a sku in whatever order, its books agree: found by trying sequences nobody thought of."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from order_api.reservations.port import StockAnswer
from tests.factories.shelf import Shelf

QUANTITIES = st.integers(1, 4)


class Stock(RuleBasedStateMachine):
    """One sku; `open_holds` are those not released yet."""

    open_holds = Bundle("open_holds")

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.received = self.left = 0

    @rule(quantity=QUANTITIES, bin=st.sampled_from("AB"))
    def receive(self, quantity: int, bin: str) -> None:
        self.shelf.receive(quantity, bin)
        self.received += quantity

    @rule(target=open_holds, quantity=QUANTITIES)
    def hold(self, quantity: int) -> UUID:
        return self.shelf.hold(quantity)[0]

    @rule(key=open_holds)
    def ask_again(self, key: UUID) -> None:
        assert self.shelf.hold(1, key)[1] == self.shelf.find(key)

    @rule(key=consumes(open_holds), shipped=st.integers(0, 4))
    def ship_and_close(self, key: UUID, shipped: int) -> None:
        shipped = min(shipped, self.shelf.allocated(key))
        self.shelf.take(key, shipped)
        self.shelf.release(key, shipped)
        self.left += shipped

    @rule(key=consumes(open_holds), shipped=st.integers(0, 4))
    def close_and_hear_later_that_it_shipped(self, key: UUID, shipped: int) -> None:
        shipped = min(shipped, self.shelf.allocated(key))
        self.shelf.release(key, shipped)
        self.shelf.take(key, shipped)
        self.left += shipped

    @invariant()
    def the_bins_agree_with_the_holds_and_the_doors(self) -> None:
        assert self.shelf.count() == (self.received - self.left, self.shelf.promised())

    @invariant()
    def nobody_was_overtaken(self) -> None:
        given = [(hold.allocated > 0, hold.allocated == hold.quantity) for hold in self.shelf.line()]
        assert given == sorted(given, reverse=True)

    @invariant()
    def nobody_waits_for_what_is_there(self) -> None:
        on_hand, held = self.shelf.count()
        missing = [hold.quantity - hold.allocated for hold in self.shelf.line() if hold.allocated < hold.quantity]
        assert not missing or on_hand - held < missing[0]


@pytest.fixture(scope="module", autouse=True)
def _database(migrated: None) -> None:
    """The machine below is no test function and can name no fixture."""


Stock.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestStockInAnyOrder = Stock.TestCase


SEED = 20260101


def test_eight_hands_at_once_leave_the_books_in_order(migrated: None) -> None:
    shelf = Shelf()
    print(f"seed {SEED}")

    with ThreadPoolExecutor(8) as threads:
        sums = list(threads.map(lambda hand: work(shelf, Random(SEED + hand)), range(8)))

    received, left = sum(r for r, _ in sums), sum(t for _, t in sums)
    assert shelf.count() == (received - left, shelf.promised())
    line = [(hold.allocated > 0, hold.allocated == hold.quantity) for hold in shelf.line()]
    assert line == sorted(line, reverse=True)


def work(shelf: Shelf, random: Random) -> tuple[int, int]:
    """Receives, holds, ships and gives up at random; returns how many units came and went through these hands."""
    received = left = 0
    for _ in range(25):
        quantity = random.randint(1, 4)
        shelf.receive(quantity, random.choice("AB"))
        received += quantity
        key, answer = shelf.hold(random.randint(1, 5))
        shipped = random.randint(0, shelf.allocated(key)) if answer == StockAnswer.HELD else 0
        shelf.take(key, shipped, uuid4())
        left += shipped
        if random.random() < 0.7:
            shelf.release(key, shipped)
    return received, left
