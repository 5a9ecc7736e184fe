"""The payment rows of an order and their totals."""

from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import CallStatus
from order_api.integrations.payment.port import GatewayReply
from order_api.orders import history
from order_api.orders.models import Order, Tender
from order_api.outbox import announce
from order_api.outbox.lanes import PAYMENT
from order_api.outbox.models import RowKind
from order_api.payments.models import DRAWS, GIVES_BACK, PaymentTransaction, TransactionKind
from order_api.progress.outside_rows import settle_row
from order_api.words.events import Event

Rows = list[PaymentTransaction]
ONLY_DONE = (CallStatus.DONE,)

UNANSWERED = frozenset({CallStatus.REQUESTED, CallStatus.PENDING, CallStatus.LOST})
"""LOST is our assumption; a late answer from the gateway overrides it."""


MAY_CHANGE = (TransactionKind.CAPTURE, TransactionKind.REFUND)
"""A gateway that has declined one of these may report later that the money went after all. What went is booked."""


def rows_of(session: Session, order_id: UUID) -> Rows:
    """Oldest first, each with its tender and its parent."""
    loads = joinedload(PaymentTransaction.tender), joinedload(PaymentTransaction.parent)
    query = select(PaymentTransaction).where(PaymentTransaction.order_id == order_id).options(*loads)
    return list(session.scalars(query.order_by(PaymentTransaction.requested_at, PaymentTransaction.id)))


def done(rows: Rows, kind: TransactionKind, tender_id: UUID | None = None) -> Rows:
    return [r for r in rows if r.kind == kind and r.status == CallStatus.DONE and tender_id in (None, r.tender_id)]


def holding(rows: Rows, tender_id: UUID | None = None) -> Rows:
    """The authorizations of which something is left: not captured, released or expired."""
    return [row for row in done(rows, TransactionKind.AUTHORIZE, tender_id) if left_of(rows, row) > 0]


def left_of(rows: Rows, authorization: PaymentTransaction, statuses: Collection[CallStatus] = ONLY_DONE) -> int:
    """What the authorization still holds if requests with these statuses have drawn on it; never below 0."""
    draws = [row for row in rows if row.parent_id == authorization.id and row.kind in DRAWS]
    return max(0, authorization.amount - sum(row.amount for row in draws if row.status in statuses))


def total(rows: Rows, kind: TransactionKind, tender_id: UUID | None = None) -> int:
    return sum(row.amount for row in done(rows, kind, tender_id))


def latest(rows: Rows, kind: str, tender_id: UUID, shipment_id: UUID | None = None) -> PaymentTransaction | None:
    """The last try that may have reached the gateway: not LOST."""
    tries = [r for r in rows if (r.kind, r.tender_id, r.shipment_id) == (kind, tender_id, shipment_id)]
    return next((row for row in reversed(tries) if row.status != CallStatus.LOST), None)


def new_row(
    session: Session, order: Order, tender: Tender, kind: TransactionKind, amount: int, task_id: str
) -> PaymentTransaction:
    """Adds the row of a request before the call. `amount` is in minor units of the order's currency."""
    row = PaymentTransaction(id=uuid4(), order_id=order.id, tender=tender, kind=kind, amount=amount)
    row.currency, row.task_id, row.requested_at = order.currency, task_id, clock.now()
    row.status, row.is_new = CallStatus.REQUESTED, True
    session.add(row)
    return row


def new_reversal(session: Session, order: Order, refund: PaymentTransaction, amount: int) -> PaymentTransaction:
    """Books that so much of what this row gave back has come back to us."""
    row = new_row(session, order, refund.tender, TransactionKind.REFUND_REVERSED, amount, str(refund.id))
    row.parent_id, row.refund_id, row.shipment_id = refund.id, refund.refund_id, refund.shipment_id
    row.status, row.settled_at = CallStatus.DONE, clock.now()
    return row


NEVER_ARRIVED = GatewayReply(approved=False, reference="")
"""Stands for the answer to a request that the gateway does not know and that is no longer under way."""


def record(session: Session, actor: Actor, requested: PaymentTransaction, answer: GatewayReply) -> Order | None:
    """Writes down the gateway's answer and returns the order; None when another worker already did."""
    unanswered = UNANSWERED | ({CallStatus.DECLINED} if answer.approved and requested.kind in MAY_CHANGE else set())
    settled = settle_row(session, actor, requested, _status(answer), unanswered)
    if settled is None:
        _complete(session, requested, answer)
        return None
    order, row, before = settled
    if before == CallStatus.LOST and row.status == CallStatus.DONE and row.kind not in GIVES_BACK:
        # The undo assumed that this request was lost and may have ended, so the relay releases the money.
        announce.request_work(session, PAYMENT, RowKind.VOID_PAYMENT, order.number, order_id=order.id)
    row.reference, row.decline_code = answer.reference or None, answer.decline_code
    row.trace_number, row.expected_by = answer.trace_number, answer.expected_by
    if row.status == CallStatus.PENDING:
        row.settled_at = None
    _write_history(session, order, actor, row)
    return order


def _complete(session: Session, requested: PaymentTransaction, answer: GatewayReply) -> None:
    """The gateway's message may come before its answer, which then tells what the message did not."""
    row = session.get_one(PaymentTransaction, requested.id)
    if row.status == CallStatus.DONE and answer.approved:
        row.reference = row.reference or answer.reference or None
        row.trace_number = row.trace_number or answer.trace_number
        row.expected_by = row.expected_by or answer.expected_by


def _status(answer: GatewayReply) -> CallStatus:
    if answer is NEVER_ARRIVED:
        return CallStatus.LOST
    if answer.is_pending:
        return CallStatus.PENDING
    return CallStatus.DONE if answer.approved else CallStatus.DECLINED


EVENTS = {
    (TransactionKind.AUTHORIZE, CallStatus.DONE): Event.PAYMENT_AUTHORIZED,
    (TransactionKind.AUTHORIZE, CallStatus.DECLINED): Event.PAYMENT_AUTHORIZE_DECLINED,
    (TransactionKind.AUTHORIZE, CallStatus.LOST): Event.PAYMENT_AUTHORIZE_LOST,
    (TransactionKind.CAPTURE, CallStatus.DONE): Event.PAYMENT_CAPTURED,
    (TransactionKind.CAPTURE, CallStatus.DECLINED): Event.PAYMENT_CAPTURE_DECLINED,
    (TransactionKind.CAPTURE, CallStatus.LOST): Event.PAYMENT_CAPTURE_LOST,
    (TransactionKind.VOID, CallStatus.DONE): Event.PAYMENT_VOIDED,
    (TransactionKind.VOID, CallStatus.DECLINED): Event.PAYMENT_VOID_DECLINED,
    (TransactionKind.VOID, CallStatus.LOST): Event.PAYMENT_VOID_LOST,
    (TransactionKind.REFUND, CallStatus.DONE): Event.PAYMENT_REFUNDED,
    (TransactionKind.REFUND, CallStatus.PENDING): Event.PAYMENT_REFUND_PENDING,
    (TransactionKind.REFUND, CallStatus.DECLINED): Event.PAYMENT_REFUND_DECLINED,
    (TransactionKind.REFUND, CallStatus.LOST): Event.PAYMENT_REFUND_LOST,
}


def _write_history(session: Session, order: Order, actor: Actor, row: PaymentTransaction) -> None:
    event = EVENTS[TransactionKind(row.kind), row.status]
    details = {"transaction_id": row.id, "amount": row.amount}
    history.record(session, order, event, actor, reason=row.decline_code, details=details)
