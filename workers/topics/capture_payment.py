from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.payments.capture import capture_payment
from workers.runtime.registry import handles


@handles(
    Topic.CAPTURE_PAYMENT,
    Template("Take payment", "Takes the money for what was shipped."),
    throws={BpmnError.PAYMENT_DECLINED, BpmnError.UNITS_OUTSTANDING},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, decision: str | None) -> None:
    capture_payment(actor, order_id, item_id, task_id, retry=decision == "retry")
