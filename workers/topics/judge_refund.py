from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.judge import judge_refund
from workers.runtime.registry import handles


@handles(
    Topic.JUDGE_REFUND,
    Template(
        "Judge the refund",
        "Stores the answer of the approval table, and answers at_once, supervisor, refused, granted or over.",
    ),
    returns={"refund_answer"},
)
def handle(session: Session, actor: Actor, subject: Subject, approval: Any, approval_words: Any) -> dict[str, str]:
    return {"refund_answer": judge_refund(session, actor, subject, approval, approval_words)}
