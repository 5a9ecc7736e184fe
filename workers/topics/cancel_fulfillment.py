from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.cancellations.begin_undo import BeginUndo
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from workers.runtime.registry import handles


@handles(
    Topic.CANCEL_FULFILLMENT,
    Template("Recall the goods", "Calls goods back from the warehouse."),
    throws={BpmnError.TOO_LATE},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID) -> ServiceError | None:
    return run(BeginUndo(actor, order_id)).refusal
