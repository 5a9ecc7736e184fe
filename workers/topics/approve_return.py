from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.approve import approve_return
from workers.runtime.registry import handles


@handles(
    Topic.APPROVE_RETURN,
    Template("Approve the return", "Lets the goods come about which nothing was decided yet."),
)
def handle(session: Session, actor: Actor, subject: Subject) -> None:
    approve_return(session, actor, subject)
