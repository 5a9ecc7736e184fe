"""The order as it was sent, with money in minor units; every part knows its field, so that a refusal can name it."""

from dataclasses import dataclass, field
from decimal import Decimal

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
    field: str
    name: str
    rate: Decimal
    amount: int


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

    @property
    def amount_after_discounts(self) -> int:
        return self.amount - sum(d.amount for d in self.discounts)


@dataclass
class PricedLine:
    """`order_discount` is filled when the order's discounts are split."""

    field: str
    key: str
    unit_price: Decimal
    list_price: Decimal
    quantity: int
    amount: int
    discounts: list[PricedDiscount]
    taxes: list[PricedTax]
    charges: list[PricedCharge]
    order_discount: int = 0

    @property
    def after_item_discounts(self) -> int:
        return self.amount - sum(d.amount for d in self.discounts)

    @property
    def amount_after_discounts(self) -> int:
        return self.after_item_discounts - self.order_discount


@dataclass
class PricedOrderDiscount(PricedDiscount):
    """`eligible` are positions of lines; `sent_shares` by position, or None when the split is ours."""

    eligible: list[int]
    sent_shares: dict[int, int] | None
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

    def all_charges(self) -> list[PricedCharge]:
        of_groups = [charge for charges in self.group_charges.values() for charge in charges]
        return of_groups + [charge for line in self.lines for charge in line.charges] + self.charges

    def text(self, minor: int) -> str:
        return money.to_text(minor, self.currency)
