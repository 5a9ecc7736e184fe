"""The order as sent, with money in minor units. Every part knows its field, so a refusal can name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from order_api.core import money


@dataclass(frozen=True)
class Difference:
    """One contradiction, as reported to the channel."""

    field: str
    code: str
    message: str
    sent: str | None = None
    expected: str | None = None


@dataclass(frozen=True)
class PricedTax:
    field: str
    name: str
    rate: Decimal
    amount: int


@dataclass(frozen=True)
class PricedDiscount:
    field: str
    code: str
    amount: int


class Discounted:
    """A line or a charge: an amount with its own discounts."""

    amount: int
    discounts: Sequence[PricedDiscount]

    @property
    def after_own_discounts(self) -> int:
        """Negative if the discounts exceed the amount, which the proof refuses."""
        return self.amount - sum(discount.amount for discount in self.discounts)


@dataclass(frozen=True)
class PricedCharge(Discounted):
    field: str
    type: str
    name: str | None
    amount: int
    discounts: Sequence[PricedDiscount]
    taxes: Sequence[PricedTax]


@dataclass(frozen=True)
class PricedLine(Discounted):
    field: str
    line_id: str
    unit_price: Decimal
    list_price: Decimal
    quantity: int
    amount: int
    discounts: Sequence[PricedDiscount]
    taxes: Sequence[PricedTax]
    charges: Sequence[PricedCharge]


@dataclass(frozen=True)
class PricedShare:
    """The share of an order discount for the line at `position`, which the channel calls `line_id`."""

    field: str
    line_id: str
    position: int
    amount: int


@dataclass(frozen=True)
class PricedOrderDiscount(PricedDiscount):
    """`eligible` are positions of lines; `sent_shares` is None if the channel leaves the split to us."""

    eligible: Sequence[int]
    sent_shares: Sequence[PricedShare] | None


Owner = PricedLine | PricedCharge
"""A part with its own discounts and taxes."""


@dataclass(frozen=True)
class PricedOrder:
    currency: str
    tax_included: bool
    lines: Sequence[PricedLine]
    group_charges: Mapping[str, Sequence[PricedCharge]]
    charges: Sequence[PricedCharge]
    discounts: Sequence[PricedOrderDiscount]
    tenders: Sequence[int]
    totals: Mapping[str, int]
    unreadable: Sequence[Difference] = ()
    """What could not be read; an unreadable amount is 0 here."""

    @cached_property
    def unreadable_fields(self) -> frozenset[str]:
        return frozenset(difference.field for difference in self.unreadable)

    def can_read(self, *parts: Owner | PricedDiscount | PricedTax | PricedShare) -> bool:
        return not self.unreadable or all(f"{part.field}.amount" not in self.unreadable_fields for part in parts)

    def can_read_all_below(self, path: str) -> bool:
        return not any(name.startswith(f"{path}.") for name in self.unreadable_fields)

    def all_charges(self) -> list[PricedCharge]:
        of_groups = [charge for charges in self.group_charges.values() for charge in charges]
        return [*of_groups, *(charge for line in self.lines for charge in line.charges), *self.charges]

    def owners(self) -> list[Owner]:
        """The lines, then all charges."""
        return [*self.lines, *self.all_charges()]

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.currency)
