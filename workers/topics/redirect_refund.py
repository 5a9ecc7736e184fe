from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.refunds.retry import redirect_refund
from workers.runtime.registry import handles


@handles(
    Topic.REDIRECT_REFUND,
    Template("Pay it outside", "What the payment provider refused is to be paid by bank transfer or in cash."),
)
def handle(session: Session, actor: Actor, subject: Subject) -> None:
    redirect_refund(session, actor, subject)
