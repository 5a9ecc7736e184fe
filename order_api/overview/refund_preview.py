"""What a refund would do, for the API and the console: reckoned in a transaction, then judged outside of it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders.models import Order
from order_api.overview.document_refunds import UNKNOWN, ApprovalAnswer, RefundPreviewAnswer
from order_api.overview.refunds import Names, RefundPreview
from order_api.refunds.approval import ApprovalQuestion, approval_question
from order_api.refunds.models import Approval
from order_api.refunds.request import planned


@dataclass(frozen=True)
class UnjudgedRefund:
    """A preview before the approval table has been asked `question`."""

    answer: RefundPreviewAnswer
    question: ApprovalQuestion

    def judged(self, said: dict[str, Any] | None) -> RefundPreviewAnswer:
        """`said` is what the table answered; None if it could not be asked."""
        return replace(self.answer, approval=_approval(said))


def reckon_refund(session: Session, actor: Actor, order: Order, body: dict[str, Any]) -> UnjudgedRefund:
    """Changes nothing. The order's items and tenders are loaded."""
    ledgers, plan = planned(session, order, body)
    amount = max(plan.amount, plan.settlement.paid_back)
    question = approval_question(session, actor, order, amount, body.get("reason", ""))
    return UnjudgedRefund(RefundPreview(ledgers, plan, Names.read(session, order.id)).answer(), question)


def _approval(said: dict[str, Any] | None) -> ApprovalAnswer:
    """An answer that is no word of Approval needs a supervisor."""
    if said is None:
        return ApprovalAnswer(UNKNOWN, None)
    needed = said.get("approval")
    return ApprovalAnswer(needed if needed in set(Approval) else Approval.SUPERVISOR, said.get("approval_words"))
