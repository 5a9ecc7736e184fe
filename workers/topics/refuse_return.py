from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.returns.approve import refuse_return
from workers.runtime.registry import handles


@handles(
    Topic.REFUSE_RETURN,
    Template("Refuse the return", "Refuses what neither a table nor a person has allowed; it is free again."),
)
def handle(session: Session, actor: Actor, subject: Subject) -> None:
    refuse_return(session, actor, subject)
