"""Starts the process of a refund, with what the approval table and the forms read, and the time limits."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import money
from order_api.orders import history
from order_api.orders.links import console_address
from order_api.orders.models import Order
from order_api.progress.processes import request_process
from order_api.refunds.approval import ApprovalQuestion, approval_question
from order_api.refunds.models import Refund
from order_api.stores.models import OrderCollection
from order_api.stores.reasons import words_of_reason
from order_api.words.events import Event

LIMITS = ("review_time_limit", "refund_time_limit", "gateway_answer_limit")


def start_process(
    session: Session, actor: Actor, order: Order, refund: Refund, question: ApprovalQuestion | None = None
) -> None:
    """`question` was asked before the refund was stored, so that what was granted before does not count it."""
    amount = max(refund.amount, refund.paid_back)
    question = question or approval_question(session, actor, order, amount, refund.reason)
    variables = variables_of(session, order, refund, LIMITS) | question.as_variables()
    request_process(session, refund.subject, Event.REFUND_REQUESTED, variables, asked_by=refund.requested_by)
    details = {"amount": refund.amount, "paid_back": refund.paid_back}
    history.record(
        session, order, Event.REFUND_REQUESTED, actor, reason=refund.reason, subject=refund.subject, details=details
    )


def variables_of(session: Session, order: Order, refund: Refund, limits: Collection[str]) -> dict[str, Any]:
    """What every process of a refund reads, and these time limits of the collection."""
    properties = session.get_one(OrderCollection, order.collection_id).properties
    durations = properties.durations()
    return {
        "order_id": str(order.id),
        "order_number": order.number,
        "order_url": console_address(order.id),
        "total": money.to_text(order.grand_total, order.currency),
        "refund_number": refund.number,
        "asked_by": refund.requested_by,
        "reason_words": words_of_reason(properties.reasons, refund.reason),
        **{name: durations[name] for name in limits},
    }
