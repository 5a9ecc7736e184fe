"""The money of an order as a person reads it aloud: what was placed, is due, was taken, and is left."""

from collections import Counter
from dataclasses import dataclass

from order_api.console import wording
from order_api.console.sums import Line
from order_api.core.outside import CallStatus
from order_api.overview.read import OrderView
from order_api.payments.balance import money_of
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.proof.bill import balance_of


@dataclass(frozen=True)
class MoneyPanel:
    """`taxes` are those contained in what is due, `captured` and `written_off` are by tender. `owed_now` is above zero
    when the customer owes it, below zero when we do."""

    taxes: list[Line]
    captured: list[Line]
    written_off: list[Line]
    owed_now: int


def money_panel(view: OrderView) -> MoneyPanel:
    balance = balance_of(view.bill, money_of(view.transactions))
    return MoneyPanel(
        taxes=_taxes(view),
        captured=_by_tender(view.transactions, TransactionKind.CAPTURE),
        written_off=_by_tender(view.transactions, TransactionKind.WRITE_OFF),
        owed_now=balance.outstanding - balance.to_capture,
    )


def _taxes(view: OrderView) -> list[Line]:
    """By name and rate: what was placed and every adjustment of it."""
    labels = {tax.id: f"{tax.name} {wording.percent(f'{tax.rate:f}')}" for tax in view.order.taxes}
    amounts: Counter[str] = Counter()
    for tax in view.order.taxes:
        amounts[labels[tax.id]] += tax.amount
    for row in view.adjustments:
        if row.tax_id is not None:
            amounts[labels[row.tax_id]] += row.amount
    return [Line(label, amount) for label, amount in amounts.items()]


def _by_tender(transactions: list[PaymentTransaction], kind: TransactionKind) -> list[Line]:
    amounts: Counter[str] = Counter()
    for row in transactions:
        if row.kind == kind and row.status == CallStatus.DONE:
            amounts[wording.plain(row.tender.type)] += row.amount
    return [Line(label, amount) for label, amount in amounts.items()]
