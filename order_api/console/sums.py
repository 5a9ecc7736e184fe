"""How the amounts of an order add up, and what became of its money. Only adds; never computes a price."""

from collections.abc import Iterable
from dataclasses import dataclass

from order_api.console import wording
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.models import TransactionKind


@dataclass(frozen=True)
class Line:
    """A label, and the sum of all amounts with this label in minor units."""

    label: str
    amount: int


@dataclass(frozen=True)
class Sums:
    """Items − discounts + charges (+ taxes, unless they are in the prices) = grand total = tenders."""

    discounts: list[Line]
    charges: list[Line]
    taxes: list[Line]
    authorized: int
    captured: int
    voided: int
    expired: int

    @property
    def held(self) -> int:
        return self.authorized - self.captured - self.voided - self.expired


def sums_of(order: Order, transactions: ledger.Rows) -> Sums:
    return Sums(
        # Leaves out the shares of an order discount, because the discount itself is counted.
        discounts=_added((d.code, d.amount) for d in order.discounts if d.share_of_id is None),
        charges=_added((c.name or wording.plain(c.type), c.amount) for c in order.charges),
        taxes=_added((f"{t.name} {wording.percent(f'{t.rate:f}')}", t.amount) for t in order.taxes),
        authorized=ledger.total(transactions, TransactionKind.AUTHORIZE),
        captured=ledger.total(transactions, TransactionKind.CAPTURE),
        voided=ledger.total(transactions, TransactionKind.VOID),
        expired=ledger.total(transactions, TransactionKind.EXPIRED),
    )


def _added(amounts: Iterable[tuple[str, int]]) -> list[Line]:
    by_label: dict[str, int] = {}
    for label, value in amounts:
        by_label[label] = by_label.get(label, 0) + value
    return [Line(label, value) for label, value in by_label.items()]
