from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.refuse import refuse_refund
from workers.runtime.registry import handles


@handles(
    Topic.REFUSE_REFUND,
    Template("Refuse the refund", "Ends the refund, and frees what it held."),
)
def handle(session: Session, actor: Actor, subject: Subject) -> None:
    refuse_refund(session, actor, subject)
