from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.shipments.recall import RecallGoods
from workers.runtime.registry import handles


@handles(
    Topic.CANCEL_FULFILLMENT,
    Template("Recall the goods", "Calls goods back from the warehouse."),
    throws={BpmnError.TOO_LATE},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID | None) -> ServiceError | None:
    return run(RecallGoods(actor, order_id, item_id)).refusal
