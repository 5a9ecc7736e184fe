from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.payments.give_up import give_up_payment
from workers.runtime.registry import handles


@handles(
    Topic.GIVE_UP_PAYMENT,
    Template("Abandon the payment", "Ends the wait for a payment, unless a new means of payment has just arrived."),
    returns={"payment_given_up"},
)
def handle(session: Session, actor: Actor, order_id: UUID) -> dict[str, bool]:
    return {"payment_given_up": give_up_payment(session, actor, order_id)}
