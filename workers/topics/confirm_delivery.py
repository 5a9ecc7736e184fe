from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.shipments.deliver import confirm_delivery
from workers.runtime.registry import handles


@handles(
    Topic.CONFIRM_DELIVERY,
    Template("Confirm delivery", "Checks whether all shipped units have arrived."),
    throws={BpmnError.NOT_DELIVERED},
)
def handle(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    confirm_delivery(actor, order_id, item_id)
