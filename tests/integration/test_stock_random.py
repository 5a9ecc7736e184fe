"""The tables of a sku agree after any sequence of acts, tried with random sequences."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from order_api.reservations.status import ReservationStatus
from tests.factories.companies import Company
from tests.factories.shelf import Line, Shelf

QUANTITIES = st.integers(1, 4)


class Stock(RuleBasedStateMachine):
    """One sku; `lines` have asked for stock and are not given up."""

    lines = Bundle("lines")
    company: Company

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf(self.company)
        self.received = self.left = 0

    @rule(quantity=QUANTITIES, bin=st.sampled_from("AB"))
    def receive(self, quantity: int, bin: str) -> None:
        self.shelf.receive(quantity, bin)
        self.received += quantity

    @rule(target=lines, quantity=QUANTITIES)
    def reserve(self, quantity: int) -> Line:
        return self.shelf.reserved(quantity)

    @rule(line=lines)
    def ask_again(self, line: Line) -> None:
        is_reserved = self.shelf.status(line) == ReservationStatus.RESERVED

        assert (self.shelf.reserve(line) is None) == is_reserved

    @rule(line=consumes(lines), shipped=st.integers(0, 4))
    def ship_and_give_up(self, line: Line, shipped: int) -> None:
        is_reserved = self.shelf.status(line) == ReservationStatus.RESERVED
        if shipment_id := self.ship(line, shipped if is_reserved else 0):
            self.shelf.take(line, shipment_id)
        self.shelf.cancel(line)

    @rule(line=consumes(lines), shipped=st.integers(0, 4))
    def give_up_and_take_later_what_has_shipped(self, line: Line, shipped: int) -> None:
        shipment_id = self.ship(line, shipped)
        self.shelf.cancel(line)
        if shipment_id:
            self.shelf.take(line, shipment_id)

    def ship(self, line: Line, units: int) -> UUID | None:
        units = min(units, self.shelf.allocated(line))
        self.left += units
        return self.shelf.ship(line, units) if units else None

    @invariant()
    def the_bins_agree_with_the_reservations_and_with_what_came_and_left(self) -> None:
        assert self.shelf.count() == (self.received - self.left, self.shelf.promised())

    @invariant()
    def no_line_was_overtaken(self) -> None:
        given = [(row.allocated > 0, row.allocated == row.quantity) for row in self.shelf.open_reservations()]
        assert given == sorted(given, reverse=True)

    @invariant()
    def no_line_waits_for_what_is_there(self) -> None:
        on_hand, reserved = self.shelf.count()
        missing = [row.missing for row in self.shelf.open_reservations() if row.missing]
        assert not missing or on_hand - reserved < missing[0]


@pytest.fixture(scope="module", autouse=True)
def _company(company: Company) -> None:
    """The state machine is no test function and cannot use fixtures."""
    Stock.company = company


Stock.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestStockInAnyOrder = Stock.TestCase


SEED = 20260101


def test_eight_threads_at_once_leave_the_stock_consistent(company: Company) -> None:
    shelf = Shelf(company)
    print(f"seed {SEED}")

    with ThreadPoolExecutor(8) as threads:
        sums = list(threads.map(lambda thread: work(shelf, Random(SEED + thread)), range(8)))

    received, left = sum(r for r, _ in sums), sum(t for _, t in sums)
    assert shelf.count() == (received - left, shelf.promised())
    given = [(row.allocated > 0, row.allocated == row.quantity) for row in shelf.open_reservations()]
    assert given == sorted(given, reverse=True)


def work(shelf: Shelf, random: Random) -> tuple[int, int]:
    """Receives, reserves, ships and gives up at random; returns the received and shipped units."""
    received = left = 0
    for _ in range(15):
        quantity = random.randint(1, 4)
        shelf.receive(quantity, random.choice("AB"))
        received += quantity
        line = shelf.reserved(random.randint(1, 5))
        is_reserved = shelf.status(line) == ReservationStatus.RESERVED
        shipped = random.randint(0, shelf.allocated(line)) if is_reserved else 0
        if shipped:
            shelf.ship_and_take(line, shipped)
        left += shipped
        if random.random() < 0.7:
            shelf.cancel(line)
    return received, left
