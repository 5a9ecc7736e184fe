"""A person decides about what a gateway refused to pay back: try again, or pay it outside."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import CallStatus
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.payments.models import TransactionKind
from order_api.progress.wait import end_wait
from order_api.refunds.hold import new_part
from order_api.refunds.models import Refund
from order_api.refunds.pay_back import rows_of_refund
from order_api.refunds.repository import lock_for_task
from order_api.words.events import Event


def retry_refund(session: Session, actor: Actor, subject: Subject) -> None:
    """Writes a new request for each part that was refused. Repeating is safe: a refused part gets one new request."""
    _replace_declined(session, actor, subject, TransactionKind.REFUND, Event.REFUND_TRIED_AGAIN)


def redirect_refund(session: Session, actor: Actor, subject: Subject) -> None:
    """What was refused is to be paid outside. Repeating is safe, as above."""
    _replace_declined(session, actor, subject, TransactionKind.TRANSFER_OUTSIDE, Event.REFUND_MOVED_OUTSIDE)


def _replace_declined(session: Session, actor: Actor, subject: Subject, kind: TransactionKind, fact: Event) -> None:
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    amount = _new_rows(session, order, refund, kind)
    if amount:
        history.record(session, order, fact, actor, subject=subject, details={"amount": amount})


def _new_rows(session: Session, order: Order, refund: Refund, kind: TransactionKind) -> int:
    amount = 0
    for declined in rows_of_refund(session, refund):
        if declined.status == CallStatus.DECLINED:
            assert declined.parent is not None
            amount += new_part(session, order, refund, declined.parent, kind, declined.amount).amount
    return amount
