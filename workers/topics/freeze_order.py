from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.progress.freeze import freeze_order
from workers.runtime.registry import handles


@handles(
    Topic.FREEZE_ORDER,
    Template("Freeze the order", "Closes the order for edits."),
)
def handle(session: Session, actor: Actor, order_id: UUID) -> None:
    freeze_order(session, actor, order_id)
