from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.reservations.reserve import reserve_item
from workers.runtime.registry import handles


@handles(
    Topic.RESERVE_INVENTORY,
    Template("Reserve stock", "Reserves stock for the item or backorders it."),
    throws={BpmnError.OUT_OF_STOCK, BpmnError.BACKORDER_LIMIT_REACHED},
    retries=OUTSIDE_SYSTEM,
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> ServiceError | None:
    return reserve_item(session, actor, order_id, item_id)
