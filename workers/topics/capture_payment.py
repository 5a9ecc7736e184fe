from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.capture import CapturePayment
from workers.runtime.registry import handles


@handles(
    Topic.CAPTURE_PAYMENT,
    Template("Take payment", "Takes the money for what was shipped."),
    throws={BpmnError.PAYMENT_DECLINED, BpmnError.UNITS_OUTSTANDING},
    retries=OUTSIDE_SYSTEM,
)
def handle(
    actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, decision: str | None
) -> ServiceError | None:
    return run(CapturePayment(actor, order_id, task_id, item_id, retry=decision == "retry")).refusal
