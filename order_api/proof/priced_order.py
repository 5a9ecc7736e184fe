"""The order as it was sent, with money in minor units; every part knows its field, so that a refusal can name it."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from order_api.core import money


@dataclass(frozen=True)
class Difference:
    """One contradiction, as the channel reads it."""

    field: str
    code: str
    message: str
    sent: str | None = None
    expected: str | None = None


@dataclass
class PricedTax:
    """`right` is what the proof expects, None where that cannot be said."""

    field: str
    name: str
    rate: Decimal
    amount: int
    right: int | None = None


@dataclass
class PricedDiscount:
    field: str
    code: str
    amount: int


@dataclass
class PricedCharge:
    field: str
    type: str
    name: str | None
    amount: int
    discounts: list[PricedDiscount]
    taxes: list[PricedTax]
    is_doubtful: bool = False

    @property
    def amount_after_discounts(self) -> int:
        return self.amount - sum(d.amount for d in self.discounts)

    @property
    def tax_base(self) -> int:
        return self.amount_after_discounts


@dataclass
class PricedLine:
    """`order_discount` is filled when the order's discounts are split: with the shares as they were sent, or with ours.

    `right_order_discount` is another number only where sent shares are refused. A doubtful line is one of which nobody
    can say what would be right after discounts.
    """

    field: str
    line_id: str
    unit_price: Decimal
    list_price: Decimal
    quantity: int
    amount: int
    discounts: list[PricedDiscount]
    taxes: list[PricedTax]
    charges: list[PricedCharge]
    order_discount: int = 0
    right_order_discount: int = 0
    is_doubtful: bool = False

    @property
    def after_item_discounts(self) -> int:
        return self.amount - sum(d.amount for d in self.discounts)

    @property
    def amount_after_discounts(self) -> int:
        return self.after_item_discounts - self.order_discount

    @property
    def tax_base(self) -> int:
        """What the taxes should be of; the same as `amount_after_discounts` where all shares are right."""
        return self.after_item_discounts - self.right_order_discount


@dataclass
class PricedShare:
    """Of an order discount, for the line at `position`, which the channel calls `line_id`."""

    field: str
    line_id: str
    position: int
    amount: int


@dataclass
class PricedOrderDiscount(PricedDiscount):
    """`eligible` are positions of lines; `sent_shares` is None when the split is ours. `shares` are by position."""

    eligible: list[int]
    sent_shares: list[PricedShare] | None
    shares: dict[int, int] = field(default_factory=dict)


@dataclass
class PricedOrder:
    currency: str
    tax_included: bool
    lines: list[PricedLine]
    group_charges: dict[str, list[PricedCharge]]
    charges: list[PricedCharge]
    discounts: list[PricedOrderDiscount]
    tenders: list[int]
    totals: dict[str, int]
    unreadable: list[Difference] = field(default_factory=list)
    """What could not be read; a 0 stands in the place of such an amount."""

    @cached_property
    def unreadable_fields(self) -> frozenset[str]:
        return frozenset(difference.field for difference in self.unreadable)

    def can_read(self, *parts: "PricedLine | PricedCharge | PricedDiscount | PricedTax | PricedShare") -> bool:
        return not self.unreadable or all(f"{part.field}.amount" not in self.unreadable_fields for part in parts)

    def can_read_all_below(self, path: str) -> bool:
        return not any(name.startswith(f"{path}.") for name in self.unreadable_fields)

    def all_charges(self) -> list[PricedCharge]:
        of_groups = [charge for charges in self.group_charges.values() for charge in charges]
        return of_groups + [charge for line in self.lines for charge in line.charges] + self.charges

    def owners(self) -> list[PricedLine | PricedCharge]:
        """Whatever may have discounts and taxes of its own."""
        return [*self.lines, *self.all_charges()]

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.currency)
