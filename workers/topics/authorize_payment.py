from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.payments.authorize import authorize_payment
from workers.runtime.registry import handles


@handles(
    Topic.AUTHORIZE_PAYMENT,
    Template("Authorize payment", "Authorizes what the order's tenders pay."),
    throws={BpmnError.PAYMENT_DECLINED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str, decision: str | None) -> None:
    authorize_payment(actor, order_id, task_id, retry=decision == "retry")
