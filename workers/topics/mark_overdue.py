from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.progress.overdue import mark_overdue
from workers.runtime.registry import handles


@handles(
    Topic.MARK_OVERDUE,
    Template(
        "Mark the order overdue", "Behind a timer that does not interrupt: lists and queues show the order as overdue."
    ),
)
def handle(
    session: Session, actor: Actor, subject: Subject, item_id: UUID | None, task_id: str, activity_id: str
) -> None:
    mark_overdue(session, actor, subject, item_id, task_id=task_id, waiting_at=activity_id)
