"""Cancels a refund that is not granted yet. What it held is free again."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.refunds.errors import RefundNotWaiting
from order_api.refunds.hold import release
from order_api.refunds.models import Refund, RefundState
from order_api.refunds.parent import wake_parent
from order_api.refunds.repository import lock
from order_api.refunds.request import give_back_excess_of_closed
from order_api.words.events import Event


def cancel_refund(session: Session, actor: Actor, number: str, reason: str) -> Refund:
    """Repeating is safe: a canceled refund stays canceled."""
    order, refund = lock(session, actor, number)
    if refund.state == RefundState.CANCELED:
        return refund
    if not refund.is_waiting:
        raise RefundNotWaiting(f"{number} is {refund.state} already.", state=refund.state)
    refund.state, refund.ended_at = RefundState.CANCELED, clock.now()
    refund.decided_by, refund.decided_at, refund.decision_reason = actor.id, refund.ended_at, reason
    release(session, refund)
    history.record(session, order, Event.REFUND_CANCELED, actor, reason=reason, subject=refund.subject)
    wake_parent(session, refund, Event.REFUND_CANCELED)
    give_back_excess_of_closed(session, actor, order)
    return refund
