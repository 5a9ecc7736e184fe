from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.decide import decide_return
from workers.runtime.registry import handles


@handles(
    Topic.DECIDE_RETURN,
    Template(
        "Carry out the decision",
        "Asks for refused money again or gives none, waits longer, or writes goods off, as a person decided.",
    ),
)
def handle(session: Session, actor: Actor, subject: Subject, decision: Any) -> None:
    decide_return(session, actor, subject, decision)
