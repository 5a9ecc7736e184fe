"""The bill and the money of an order, and their difference (AFTER_SALE §1). All amounts are gross, in minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


class Departed(NamedTuple):
    """What units and charges were worth when they left, and what adjustments have left of it."""

    worth: int
    remaining: int


@dataclass(frozen=True)
class Bill:
    """What the customer owes for an order or one of its lines: what was placed and every change of it since.

    `adjusted` sums all adjustments; `adjusted_before_departure` those of units and charges that had not left when they
    were adjusted. `parcels` are in the order they left.
    """

    placed: int
    adjusted: int = 0
    adjusted_before_departure: int = 0
    parcels: Mapping[UUID, Departed] = field(default_factory=dict)

    @property
    def due(self) -> int:
        return self.placed + self.adjusted

    @property
    def not_departed(self) -> int:
        """What remains of the units that have not departed, with the charges that will depart with them."""
        return self.placed + self.adjusted_before_departure - sum(parcel.worth for parcel in self.parcels.values())

    @property
    def remaining(self) -> int:
        """What adjustments have left of all units and charges, departed or not."""
        return self.not_departed + sum(parcel.remaining for parcel in self.parcels.values())


@dataclass(frozen=True)
class Money:
    """What was taken for the order, given back and written off. The parcel None stands for money of no parcel."""

    captured: Mapping[UUID | None, int] = field(default_factory=dict)
    written_off: Mapping[UUID | None, int] = field(default_factory=dict)
    refunded: int = 0


@dataclass(frozen=True)
class Balance:
    """The difference of the two ledgers.

    Above 0, `outstanding - to_capture` is owed by the customer; below 0, we owe it. `unpaid` is what a capture may
    still take for each parcel for which it may take anything, in the order they left.
    """

    due: int
    to_capture: int
    captured: int
    refunded: int
    written_off: int
    outstanding: int
    unpaid: Mapping[UUID, int]


def balance_of(bill: Bill, money: Money) -> Balance:
    captured, written_off = sum(money.captured.values()), sum(money.written_off.values())
    to_capture = max(0, bill.not_departed - money.captured.get(None, 0))
    outstanding = bill.due - captured - written_off + money.refunded
    unpaid = _unpaid(bill, money, outstanding - to_capture)
    return Balance(bill.due, to_capture, captured, money.refunded, written_off, outstanding, unpaid)


def _unpaid(bill: Bill, money: Money, owed: int) -> dict[UUID, int]:
    """What remains of each parcel less what was taken for it; in sum at most what is owed now.

    When a reduction of one parcel ends what another has not paid, less is owed than is missing. The parcels that left
    first go without: they may be settled already, while what leaves later has still to be captured.
    """
    unpaid = {}
    for parcel, departed in reversed(list(bill.parcels.items())):
        missing = departed.remaining - money.captured.get(parcel, 0) - money.written_off.get(parcel, 0)
        amount = min(missing, owed)
        if amount > 0:
            unpaid[parcel] = amount
            owed -= amount
    return dict(reversed(unpaid.items()))
