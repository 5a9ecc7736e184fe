"""Stores what the approval table says about a refund, and tells its flow how to go on."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.outbox.subjects import Subject
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.refunds.models import GRANTED, Approval, Refund, RefundState
from order_api.refunds.repository import lock_for_task
from order_api.words.events import Event

ALREADY_GRANTED, OVER = "granted", "over"
MAX_WORDS = 200
DECIDED = {"grant_refund": Approval.AT_ONCE, "refuse_refund": Approval.REFUSED}
"""What a supervisor's decision means for the flow."""


def judge_refund(session: Session, actor: Actor, subject: Subject, answer: object, words: object) -> str:
    """Returns one of Approval, ALREADY_GRANTED for a flow that was started anew, or OVER for a refund that was refused
    or canceled. An answer that is no word of Approval needs a supervisor; one who has decided already is not asked
    again by a flow that was started anew. Repeating is safe."""
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, Event.REFUND_CANCELED, subject=subject)
    if refund.state in GRANTED:
        return ALREADY_GRANTED
    if not refund.is_waiting:
        return OVER
    approval = Approval(str(answer)) if answer in set(Approval) else Approval.SUPERVISOR
    refund.approval, refund.approval_words = approval, str(words)[:MAX_WORDS] if words else None
    if approval == Approval.SUPERVISOR and refund.state == RefundState.REQUESTED:
        refund.state = RefundState.NEEDS_APPROVAL
        history.record(
            session, order, Event.REFUND_NEEDS_APPROVAL, actor, reason=refund.approval_words, subject=subject
        )
    return _decided(session, refund) or approval


def _decided(session: Session, refund: Refund) -> Approval | None:
    decision = decision_about(session, refund.subject) if refund.state == RefundState.NEEDS_APPROVAL else None
    return DECIDED.get(decision.details["decision"]) if decision is not None else None
