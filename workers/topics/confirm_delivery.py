from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.core.errors import ServiceError
from order_api.shipments.deliver import confirm_delivery
from workers.runtime.registry import handles


@handles(
    Topic.CONFIRM_DELIVERY,
    Template("Confirm delivery", "Checks whether all shipped units have arrived."),
    throws={BpmnError.NOT_DELIVERED},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> ServiceError | None:
    return confirm_delivery(session, actor, order_id, item_id)
