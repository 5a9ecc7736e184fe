from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.outside import run
from order_api.shipments.send import SendToFulfillment
from workers.runtime.registry import handles


@handles(
    Topic.SEND_TO_FULFILLMENT,
    Template("Send to fulfillment", "Hands the item over to the warehouse."),
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID, task_id: str) -> None:
    run(SendToFulfillment(actor, order_id, item_id, task_id))
