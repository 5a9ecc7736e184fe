from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.book import book_decided_refund
from workers.runtime.registry import handles


@handles(
    Topic.BOOK_REFUND,
    Template("Book the payment", "Books what was paid outside, with the reference that the person entered as reason."),
)
def handle(session: Session, actor: Actor, subject: Subject, decision: Any, decision_reason: Any) -> None:
    if decision == "booked":
        book_decided_refund(session, actor, subject, decision_reason)
