"""Random orders and random acts on them: after every act the equations of the bill hold, and a second reckoning agrees.

`make random` tries 10,000 sequences.
"""

import os
from collections import Counter, defaultdict
from random import Random
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from order_api.orders.models import Order
from order_api.proof.bill import Balance, Bill, Departed, Money, balance_of
from order_api.proof.worth import Charge, Line, UnitsOfLine, Worth, gross_of, worth_of_canceled, worth_of_parcel
from tests.factories.priced import built
from tests.factories.random_orders import DECIMALS, random_order
from tests.factories.second_reckoning import SecondReckoning

SEQUENCES = int(os.environ.get("RANDOM_SEQUENCES", "500"))
ACTS_PER_SEQUENCE = 12
tried, accepted, placed_in = Counter[str](), Counter[str](), Counter[str]()


class Reckoning:
    """The order as the service's arithmetic sees it: ranges, adjustments, kept worth, two ledgers."""

    def __init__(self, placed: Order) -> None:
        self.included, self.placed = placed.tax_included, placed.grand_total
        taxes: dict[UUID | None, dict[UUID, int]] = defaultdict(dict)
        for tax in placed.taxes:
            taxes[tax.item_id or tax.charge_id][uuid4()] = tax.amount
        self.lines = [
            Line(item.id, item.amount_after_discounts, taxes[item.id], item.quantity, item.ship_group_id)
            for item in placed.items
        ]
        self.charges = [
            Charge(row.id, row.amount_after_discounts, taxes[row.id], row.item_id or row.ship_group_id)
            for row in placed.charges
        ]
        self.groups = {group.id for group in placed.ship_groups}
        self.canceled = [0] * len(self.lines)
        self.shipped = [0] * len(self.lines)
        self.adjustments: list[Worth] = []
        self.kept: dict[str, list[Worth]] = {}
        self.ids: dict[str, UUID] = {}

    def open_units(self, line: int) -> int:
        return self.lines[line].quantity - self.canceled[line] - self.shipped[line]

    def cancel(self, line: int, count: int) -> None:
        first = self.lines[line].quantity - self.canceled[line] - count + 1
        units = [UnitsOfLine(self.lines[line], first, count)]
        self.canceled[line] += count
        in_use = {own.ship_group_id for n, own in enumerate(self.lines) if self.open_units(n) or self.shipped[n]}
        groups = self.groups - in_use
        emptied = {*groups} if in_use else {*groups, None}
        self.adjustments += worth_of_canceled(units, self.charges, emptied, tax_included=self.included)

    def ship(self, parcel: str, units: dict[int, int]) -> None:
        leaving = [UnitsOfLine(self.lines[n], self.shipped[n] + 1, count) for n, count in units.items()]
        departed = {w.charge_id for kept in self.kept.values() for w in kept if w.charge_id and w.item_id is None}
        self.kept[parcel] = list(worth_of_parcel(leaving, self.charges, departed, tax_included=self.included))
        self.ids[parcel] = uuid4()
        for n, count in units.items():
            self.shipped[n] += count

    def balance(self, second: SecondReckoning) -> Balance:
        adjusted = -gross_of(self.adjustments)
        parcels = {self.ids[name]: Departed(gross_of(kept), gross_of(kept)) for name, kept in self.kept.items()}
        bill = Bill(self.placed, adjusted, adjusted, parcels)
        money = Money(
            captured={self.ids[name]: amount for name, amount in second.captured.items()},
            written_off={self.ids[name]: amount for name, amount in second.written_off.items()},
        )
        return balance_of(bill, money)


def act(dice: Random, ours: Reckoning, second: SecondReckoning, number: int) -> None:
    """One random act, carried out by both if it is possible."""
    open_lines = [n for n in range(len(ours.lines)) if ours.open_units(n)]
    kinds = (["cancel", "ship"] if open_lines else []) + (
        ["capture", "write_off"] if ours.balance(second).unpaid else []
    )
    if not kinds or dice.random() < 0.1:
        kinds = ["cancel", "ship", "capture", "write_off"]
    kind = dice.choice(kinds)
    tried[kind] += 1
    match kind:
        case "cancel" if open_lines:
            line = dice.choice(open_lines)
            count = dice.randint(1, ours.open_units(line))
            ours.cancel(line, count)
            second.cancel(line, count)
            accepted[kind] += 1
        case "ship" if open_lines:
            lines = dice.sample(open_lines, dice.randint(1, len(open_lines)))
            units = {n: dice.randint(1, ours.open_units(n)) for n in lines}
            ours.ship(f"P{number}", units)
            second.ship(f"P{number}", units)
            accepted[kind] += 1
        case "capture" | "write_off":
            take_or_write_off(dice, ours, second, kind)


def take_or_write_off(dice: Random, ours: Reckoning, second: SecondReckoning, kind: str) -> None:
    """A capture takes what the balance says, or a part of it where one tender has no more."""
    unpaid = ours.balance(second).unpaid
    names = [name for name in second.parcels if ours.ids[name] in unpaid]
    if not names:
        return
    name = dice.choice(names)
    amount = unpaid[ours.ids[name]]
    assert amount == second.unpaid(name)
    book = second.captured if kind == "capture" else second.written_off
    taken = amount if kind == "write_off" or dice.random() < 0.7 else dice.randint(1, amount)
    book[name] = book.get(name, 0) + taken
    accepted[kind] += 1


def compare(ours: Reckoning, second: SecondReckoning) -> None:
    balance = ours.balance(second)
    assert (balance.due, balance.to_capture, balance.outstanding) == (
        second.due,
        second.to_capture,
        second.outstanding,
    )
    assert balance.due == ours.placed - gross_of(ours.adjustments)
    assert balance.outstanding == balance.due - balance.captured - balance.written_off + balance.refunded
    assert balance.outstanding - balance.to_capture == sum(balance.unpaid.values()), "the rest is owed now"
    assert min([balance.due, balance.to_capture, balance.outstanding, *balance.unpaid.values(), 0]) == 0


def finish(dice: Random, ours: Reckoning, second: SecondReckoning) -> None:
    """Everything that is open is canceled or leaves, and everything is paid: all by parts is exactly all."""
    for line in range(len(ours.lines)):
        if count := ours.open_units(line):
            if dice.random() < 0.5:
                ours.cancel(line, count)
                second.cancel(line, count)
            else:
                ours.ship(f"last {line}", {line: count})
                second.ship(f"last {line}", {line: count})
    for name in second.parcels:
        if unpaid := ours.balance(second).unpaid.get(ours.ids[name], 0):
            second.captured[name] = second.captured.get(name, 0) + unpaid
    balance = ours.balance(second)
    assert (balance.to_capture, balance.outstanding) == (0, 0)
    kept = sum(gross_of(worth) for worth in ours.kept.values())
    assert ours.placed == kept + gross_of(ours.adjustments)


@settings(max_examples=SEQUENCES)
@given(seed=st.integers(0, 2**64))
def test_after_every_act_the_equations_hold_and_a_second_reckoning_agrees(seed: int) -> None:
    """Trap 8."""
    dice = Random(seed)
    order = random_order(dice)
    ours, second = Reckoning(built(order.body)), order.second
    placed_in[order.body["currency"]] += 1
    compare(ours, second)
    for number in range(dice.randint(1, ACTS_PER_SEQUENCE)):
        act(dice, ours, second, number)
        compare(ours, second)
    finish(dice, ours, second)


def test_the_random_acts_were_possible_often_enough() -> None:
    """Runs after the test above, which counts."""
    total = sum(accepted.values())
    print(dict(placed_in), {kind: f"{accepted[kind]} of {tried[kind]}" for kind in sorted(tried)})

    assert total >= 0.6 * sum(tried.values())
    assert all(count >= 0.05 * total for count in accepted.values())
    assert set(accepted) == {"cancel", "ship", "capture", "write_off"}
    assert set(placed_in) == set(DECIMALS), "currencies of 0, 2 and 3 decimals"
