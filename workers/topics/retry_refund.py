from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.retry import retry_refund
from workers.runtime.registry import handles


@handles(
    Topic.RETRY_REFUND,
    Template("Ask the provider again", "Prepares a new request for each part that the payment provider refused."),
)
def handle(session: Session, actor: Actor, subject: Subject) -> None:
    retry_refund(session, actor, subject)
