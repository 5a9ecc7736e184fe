"""Refuses a refund, as the table or a supervisor decided. The bill does not change, and what it held is free again."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.outbox.subjects import Subject
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.refunds.hold import release
from order_api.refunds.models import Approval, RefundState
from order_api.refunds.parent import wake_parent
from order_api.refunds.repository import lock_for_task
from order_api.refunds.request import give_back_excess_of_closed
from order_api.words.events import Event


def refuse_refund(session: Session, actor: Actor, subject: Subject) -> None:
    """Repeating is safe. Leaves a refund alone that was granted or canceled meanwhile."""
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if not refund.is_waiting:
        return
    refund.state = RefundState.REFUSED
    refund.decided_at = refund.ended_at = clock.now()
    refund.decision_reason = refund.approval_words
    if refund.approval != Approval.REFUSED and (decision := decision_about(session, refund.subject)) is not None:
        refund.decided_by, refund.decision_reason = decision.actor_id, decision.reason
    release(session, refund)
    history.record(session, order, Event.REFUND_REFUSED, actor, reason=refund.decision_reason, subject=subject)
    wake_parent(session, refund, Event.REFUND_REFUSED)
    give_back_excess_of_closed(session, actor, order)
