from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.cancellations.begin_undo import begin_undo
from workers.runtime.registry import handles


@handles(
    Topic.BEGIN_UNDO,
    Template("Begin the undo", "Stops all other work on the order and ends its waits."),
)
def handle(session: Session, actor: Actor, order_id: UUID) -> None:
    begin_undo(session, actor, order_id)
