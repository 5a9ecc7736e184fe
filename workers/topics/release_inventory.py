from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.reservations.release import release_items
from workers.runtime.registry import handles


@handles(
    Topic.RELEASE_INVENTORY,
    Template("Release stock", "Releases the reserved stock that has not shipped."),
    retries=OUTSIDE_SYSTEM,
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID | None) -> None:
    release_items(session, actor, order_id, item_id)
