"""Carries out a gateway's message under the order's lock, if it is news (A10).

A late "failed" never undoes a "paid", and a late "succeeded" never a later "failed": of two messages about one request,
the later one by the gateway's clock counts. Once money has come back, another request pays it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus, is_certainly_over
from order_api.integrations.payment.port import GatewayEventKind, GatewayReply
from order_api.notifications.notices import Notice
from order_api.notifications.notify import notify_customer
from order_api.orders import history, repository
from order_api.orders.models import Order, Tender
from order_api.outbox import wake_ups
from order_api.payment_events.models import EventOutcome, PaymentEvent
from order_api.payments import ledger
from order_api.payments.balance import UNDER_WAY
from order_api.payments.expire import book_expiry
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.fail import fail_refund, reversals_of
from order_api.refunds.models import Refund
from order_api.refunds.pay_back import conclude, withdraw_needless_transfer
from order_api.refunds.tries import owing_refund
from order_api.settlement.late_capture import book_late_capture
from order_api.words.events import Event

UNKNOWN_FOR = timedelta(minutes=10)
"""A message that names only the gateway's reference may come before our own request got its answer."""
PAUSE = 30.0
KINDS = {
    GatewayEventKind.REFUND_DONE: TransactionKind.REFUND,
    GatewayEventKind.REFUND_FAILED: TransactionKind.REFUND,
    GatewayEventKind.CAPTURE_DONE: TransactionKind.CAPTURE,
    GatewayEventKind.AUTHORIZATION_EXPIRED: TransactionKind.AUTHORIZE,
}


def handle_event(session: Session, actor: Actor, event_id: UUID) -> None:
    """Repeating is safe: a message is carried out once. Raises NotYet while it may be about a request whose answer we
    do not have yet."""
    event = session.get_one(PaymentEvent, event_id)
    row = _row(session, event)
    if row is None:
        if event.key is None and clock.now() - event.received_at < UNKNOWN_FOR:
            raise NotYet(f"No request has the reference {event.reference} yet.", PAUSE)
        event.outcome, event.handled_at = EventOutcome.UNATTRIBUTED, clock.now()
        return
    order = repository.get_for_update(session, actor, row.order_id, Order.items, Order.tenders)
    session.refresh(event, with_for_update=True)
    session.refresh(row)
    if event.handled_at is None:
        is_news = not _is_outdated(session, order, row, event) and _carry_out(session, actor, order, row, event)
        event.outcome = EventOutcome.CARRIED_OUT if is_news else EventOutcome.NO_NEWS
        event.order_id, event.handled_at = order.id, clock.now()


def _row(session: Session, event: PaymentEvent) -> PaymentTransaction | None:
    """Our request that the message is about."""
    kind = PaymentTransaction.kind == KINDS[GatewayEventKind(event.kind)]
    of_adapter = select(PaymentTransaction).join(Tender).where(kind, Tender.type == event.adapter)
    if event.key is not None:
        return session.scalar(of_adapter.where(PaymentTransaction.id == event.key))
    return session.scalars(of_adapter.where(PaymentTransaction.reference == event.reference)).one_or_none()


def _is_outdated(session: Session, order: Order, row: PaymentTransaction, event: PaymentEvent) -> bool:
    """Whether we know already what happened to the request after this."""
    if event.happened_at is None:
        return False
    same_request = PaymentEvent.key == row.id
    if row.reference is not None:
        same_request = or_(same_request, PaymentEvent.reference == row.reference)
    # A gateway may know an authorization and its captures by one reference.
    same_kind = PaymentEvent.kind.in_(kind for kind, of_row in KINDS.items() if of_row == row.kind)
    of_order = PaymentEvent.order_id == order.id, PaymentEvent.adapter == event.adapter, same_request, same_kind
    later = PaymentEvent.handled_at.is_not(None), PaymentEvent.happened_at > event.happened_at
    return session.scalar(select(PaymentEvent.id).where(*of_order, *later).limit(1)) is not None


def _carry_out(session: Session, actor: Actor, order: Order, row: PaymentTransaction, event: PaymentEvent) -> bool:
    match event.kind:
        case GatewayEventKind.REFUND_DONE:
            return not reversals_of(session, row) and _decide(
                session, actor, order, row, _reply(row, event, approved=True)
            )
        case GatewayEventKind.REFUND_FAILED:
            if row.status == CallStatus.REQUESTED and not is_certainly_over(row):
                # The answer to our own call may be on its way, and is older.
                raise NotYet(f"The refund {row.id} may still be under way.", PAUSE)
            if row.status in UNDER_WAY:
                return _decide(session, actor, order, row, _reply(row, event, approved=False))
            return _fail(session, actor, order, row, event)
        case GatewayEventKind.AUTHORIZATION_EXPIRED:
            return book_expiry(session, actor, order, row)
        case _:
            return book_late_capture(session, actor, order, row, _reply(row, event, approved=True))


def _reply(row: PaymentTransaction, event: PaymentEvent, *, approved: bool) -> GatewayReply:
    reference = event.reference or row.reference or ""
    code = None if approved else event.decline_code or "failed"
    return GatewayReply(approved, reference, code, None, False, event.trace_number, event.expected_by)


def _decide(session: Session, actor: Actor, order: Order, row: PaymentTransaction, reply: GatewayReply) -> bool:
    """The gateway's answer to a refund that was under way; wakes the refund's flow."""
    if ledger.record(session, actor, row, reply) is None:
        return False
    refund = owing_refund(session, row) if reply.approved else session.get_one(Refund, row.refund_id)
    session.refresh(refund, with_for_update=True)
    if withdraw_needless_transfer(session, refund):
        # The task to pay it outside has nothing left to do.
        wake_ups.wake(session, refund.number, Event.REFUND_BOOKED, [None], refund.subject.kind)
    history.record(session, order, Event.PAYMENT_REFUND_DECIDED, actor, subject=refund.subject, flows=refund.flows)
    conclude(session, actor, order, refund)
    return True


def _fail(session: Session, actor: Actor, order: Order, row: PaymentTransaction, event: PaymentEvent) -> bool:
    """The bank sent the money of a refund back that was done: it is owed again."""
    code = event.decline_code or "failed"
    if row.status != CallStatus.DONE:
        return False
    reversals = reversals_of(session, row)
    for reversal in reversals:
        # A person may have booked what the bank sent back, or a part of it.
        reversal.decline_code = reversal.decline_code or code
    left = row.amount - sum(reversal.amount for reversal in reversals)
    if left <= 0:
        return False
    refund = fail_refund(session, actor, order, row, left, code)
    if refund is not None:
        notify_customer(session, actor, order.id, Notice.REFUND_FAILED, about_id=refund.id)
    return True
