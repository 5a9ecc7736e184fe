"""The refunds of an order in sentences that a colleague can read to the customer. Reads nothing, decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from order_api.console import wording
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.payments.balance import latest_refunds
from order_api.payments.ledger import Rows
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.models import GRANTED, Refund, RefundState
from order_api.stores.reasons import OfferedReason, words_of_reason

STATES: dict[RefundState, tuple[str, str]] = {
    RefundState.REQUESTED: ("Being checked", "fulfilling"),
    RefundState.NEEDS_APPROVAL: ("Waits for approval", "fulfilling"),
    RefundState.PAYING: ("Granted, not paid back yet", "fulfilling"),
    RefundState.PAID: ("Paid back", "done"),
    RefundState.REFUSED: ("Refused", "canceled"),
    RefundState.CANCELED: ("Canceled", "canceled"),
}
"""Each state in words, and the class of its color."""
SENTENCES: dict[tuple[str, CallStatus], str] = {
    (TransactionKind.REFUND, CallStatus.HELD): "{amount} goes back to {tender} once the refund is granted.",
    (TransactionKind.REFUND, CallStatus.REQUESTED): (
        "{amount} for {tender} has been on its way to the payment provider since {since}."
    ),
    (TransactionKind.REFUND, CallStatus.PENDING): (
        "{amount} for {tender} has been with the payment provider since {since}; it has not been paid back yet."
    ),
    (TransactionKind.REFUND, CallStatus.DONE): "{amount} went back to {tender} on {day}{found_by}.",
    (TransactionKind.REFUND, CallStatus.DECLINED): (
        "{amount} for {tender} was refused by the payment provider{why}; customer service decides."
    ),
    (TransactionKind.TRANSFER_OUTSIDE, CallStatus.HELD): (
        "{amount} is to be paid outside by bank transfer or in cash, once the refund is granted."
    ),
    (TransactionKind.TRANSFER_OUTSIDE, CallStatus.REQUESTED): (
        "{amount} is to be paid outside by bank transfer or in cash."
    ),
    (TransactionKind.TRANSFER_OUTSIDE, CallStatus.DONE): "{amount} was paid outside{reference}, on {day}.",
}


@dataclass(frozen=True)
class MoneyBack:
    """Where one payment back is. An alarm is a payment about which a person must decide."""

    sentence: str
    is_alarm: bool = False


@dataclass(frozen=True)
class RefundInWords:
    """`category` is the class of the state's color; `waits` says whom a refund waits for that is not granted yet."""

    number: str
    state: str
    category: str
    amount: str
    paid_back: str
    reason: str
    asked: str
    waits: str | None
    decided: str | None
    note: str | None
    money: list[MoneyBack]


def refunds_in_words(
    order: Order, refunds: Sequence[Refund], rows: Rows, reasons: Sequence[OfferedReason]
) -> list[RefundInWords]:
    """In the order in which they were asked for. The order's tenders are loaded."""
    names, latest = wording.tender_names(order.tenders), latest_refunds(rows)
    return [
        _in_words(refund, [row for row in latest if row.refund_id == refund.id], names, order.currency, reasons)
        for refund in refunds
    ]


def _in_words(
    refund: Refund,
    rows: Rows,
    names: Mapping[Any, str],
    currency: str,
    reasons: Sequence[OfferedReason],
) -> RefundInWords:
    state, category = STATES[refund.state]
    if refund.state in GRANTED and not refund.paid_back:
        state = "Granted, nothing to pay back"
    shown = [row for row in rows if row.status != CallStatus.WITHDRAWN]
    return RefundInWords(
        number=refund.number,
        state=state,
        category=category,
        amount=wording.with_currency(refund.amount, currency),
        paid_back=wording.with_currency(refund.paid_back, currency),
        reason=words_of_reason(reasons, refund.reason),
        asked=f"Requested by {refund.requested_by} on {wording.moment(refund.requested_at)}.",
        waits=_waits(refund),
        decided=_decided(refund),
        note=refund.note,
        money=[where_is(row, names[row.tender_id]) for row in shown],
    )


def _waits(refund: Refund) -> str | None:
    since = f"Requested by {refund.requested_by}, it has waited since {wording.moment(refund.requested_at)}."
    if refund.state == RefundState.NEEDS_APPROVAL:
        return " ".join(filter(None, ["A supervisor must approve it.", refund.approval_words, since]))
    if refund.state == RefundState.REQUESTED:
        return f"The approval rules have not answered yet. {since}"
    return None


def _decided(refund: Refund) -> str | None:
    """Who decided and why. A refund that the rules granted alone needs no sentence."""
    if refund.decided_at is None or (refund.decided_by is None and not refund.decision_reason):
        return None
    verb = {RefundState.REFUSED: "Refused", RefundState.CANCELED: "Canceled"}.get(refund.state, "Granted")
    decided = f"{verb} by {refund.decided_by or 'the approval rules'} on {wording.moment(refund.decided_at)}"
    why = wording.reason(refund.decision_reason or "").removesuffix(".")
    return f"{decided}: {why}." if why else f"{decided}."


def where_is(row: PaymentTransaction, tender: str) -> MoneyBack:
    """A payment that is with the provider has not been paid back; one that it refused is an alarm."""
    status = CallStatus.REQUESTED if row.status == CallStatus.LOST else row.status
    sentence = SENTENCES[row.kind, status].format(
        amount=wording.with_currency(row.amount, row.currency),
        tender=tender,
        since=wording.moment(row.requested_at),
        day=wording.day(row.settled_at or row.requested_at),
        found_by=_found_by(row),
        why=f": {wording.plain(row.decline_code).lower()}" if row.decline_code else "",
        reference=f", reference {row.reference}" if row.reference else "",
    )
    return MoneyBack(sentence, is_alarm=status == CallStatus.DECLINED)


def _found_by(row: PaymentTransaction) -> str:
    trace = f"trace number {row.trace_number}" if row.trace_number else None
    arrives = f"expected by {wording.day(row.expected_by)}" if row.expected_by else None
    said = ", ".join(filter(None, (trace, arrives)))
    return f"; {said}" if said else ""
