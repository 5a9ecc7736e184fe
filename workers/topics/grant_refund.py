from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.grant import grant_refund
from workers.runtime.registry import handles


@handles(
    Topic.GRANT_REFUND,
    Template(
        "Grant the refund",
        "Changes the bill by the refund, lowered if a person decided so. Answers whether it was granted.",
    ),
    returns={"refund_granted"},
)
def handle(session: Session, actor: Actor, subject: Subject, decision: Any, granted_amount: Any) -> dict[str, bool]:
    lowered_to = str(granted_amount) if decision == "lower_refund" else None
    return {"refund_granted": grant_refund(session, actor, subject, lowered_to)}
