from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.paid_twice import explain_surplus
from workers.runtime.registry import handles


@handles(
    Topic.EXPLAIN_SURPLUS,
    Template(
        "Explain what was paid twice",
        "Books what became of money that a refund paid twice: it came back, or is written off. Answers what is left.",
    ),
    returns={"refund_surplus"},
)
def handle(
    session: Session,
    actor: Actor,
    subject: Subject,
    task_id: str,
    decision: Any,
    decision_reason: Any,
    refund_surplus: Any,
) -> dict[str, str]:
    left = explain_surplus(session, actor, subject, task_id, decision, decision_reason, refund_surplus)
    return {"refund_surplus": left}
