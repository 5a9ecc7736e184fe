from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.cancellations.cancel_item import CancelItem
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from workers.runtime.registry import handles


@handles(
    Topic.CANCEL_ITEM,
    Template("Cancel the item", "Cancels what was not shipped of the item."),
    throws={BpmnError.UNITS_SHIPPED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID) -> ServiceError | None:
    return run(CancelItem(actor, order_id, item_id)).refusal
