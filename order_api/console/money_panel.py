"""The money of an order as a person reads it aloud: what was placed, is due, was taken, went back, and is left."""

from collections import Counter
from dataclasses import dataclass

from order_api.console import wording
from order_api.console.sums import Line
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.overview.amounts import Amounts
from order_api.overview.bill import BillOfOrder
from order_api.overview.read import OrderView
from order_api.payments.balance import NOT_PROMISED, latest_refunds, money_of
from order_api.payments.ledger import Rows
from order_api.payments.models import GIVES_BACK, PaymentTransaction, TransactionKind
from order_api.proof.bill import Balance, balance_of

SETTLED = {*NOT_PROMISED, CallStatus.DONE}
"""A row that gives money back and has one of these statuses owes nothing."""


@dataclass(frozen=True)
class MoneyPanel:
    """What each sum of the panel unfolds to. `taxes` are those contained in what is due; `captured`, `written_off` and
    `refunded` are by tender, `to_capture` is by line. `owed` is a sentence."""

    placed: list[Line]
    taxes: list[Line]
    captured: list[Line]
    written_off: list[Line]
    refunded: list[Line]
    to_capture: list[Line]
    outstanding: list[Line]
    owed: str


def money_panel(view: OrderView) -> MoneyPanel:
    balance = balance_of(view.bill, money_of(view.transactions))
    return MoneyPanel(
        placed=_placed(view.order),
        taxes=_taxes(view),
        captured=_by_tender(view, TransactionKind.CAPTURE),
        written_off=_by_tender(view, TransactionKind.WRITE_OFF, less=TransactionKind.WRITE_OFF_REVERSED),
        refunded=_by_tender(view, *GIVES_BACK),
        to_capture=_to_capture(view, balance),
        outstanding=_outstanding(balance),
        owed=owed_in_words(balance.outstanding - balance.to_capture, view.transactions, view.order.currency),
    )


def owed_in_words(owed_now: int, rows: Rows, currency: str) -> str:
    """`owed_now` is above zero when the customer owes it, below zero when we do. Says of the latter what granted
    refunds are giving back, because what is under way or was refused is still owed."""
    if owed_now > 0:
        return f"The customer owes {wording.with_currency(owed_now, currency)} now."
    if owed_now == 0:
        return "Nothing is owed now."
    parts: Counter[str] = Counter()
    for row in latest_refunds(rows):
        if row.status not in SETTLED:
            parts[_whereabouts(row)] += row.amount
    *others, last = [f"{wording.amount(amount, currency)} {where}" for where, amount in parts.items()] or [""]
    of_which = " and ".join(filter(None, [", ".join(others), last]))
    owed = f"We owe the customer {wording.with_currency(-owed_now, currency)}"
    return f"{owed}, of which {of_which}." if of_which else f"{owed}."


def _whereabouts(row: PaymentTransaction) -> str:
    if row.status == CallStatus.DECLINED:
        return "were refused by the payment provider"
    return "are to be paid outside" if row.kind == TransactionKind.TRANSFER_OUTSIDE else "are on their way"


def _placed(order: Order) -> list[Line]:
    added = [] if order.tax_included else [Line("Taxes", order.taxes_total)]
    charges = Line("Charges", order.charges_total)
    return _some([Line("Items", order.items_total), Line("Discounts", -order.discounts_total), charges, *added])


def _to_capture(view: OrderView, balance: Balance) -> list[Line]:
    """By line with its own charges; the rest are charges of ship groups and of the order."""
    bills = BillOfOrder(view, Amounts(view))
    lines = [Line(item.name, bills.of_line(item).not_departed) for item in view.order.items]
    rest = balance.to_capture - sum(line.amount for line in lines)
    return _some([*lines, Line("Charges", rest)])


def _outstanding(balance: Balance) -> list[Line]:
    less = [Line("Captured", -balance.captured), Line("Written off", -balance.written_off)]
    return _some([Line("Due", balance.due), *less, Line("Refunded", balance.refunded)])


def _some(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.amount]


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


def _by_tender(view: OrderView, *kinds: TransactionKind, less: TransactionKind | None = None) -> list[Line]:
    """Only what is done; rows of the kind `less` take off."""
    names = wording.tender_names(view.order.tenders)
    amounts: Counter[str] = Counter()
    for row in view.transactions:
        if row.kind in (*kinds, less) and row.status == CallStatus.DONE:
            amounts[names[row.tender_id]] += -row.amount if row.kind == less else row.amount
    return _some([Line(label, amount) for label, amount in amounts.items()])
