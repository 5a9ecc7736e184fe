from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.outbox.subjects import Subject
from order_api.settlement.mark_overdue import mark_overdue
from workers.runtime.registry import handles


@handles(
    Topic.MARK_OVERDUE,
    Template(
        "Mark the order overdue", "Behind a timer that does not interrupt: lists and queues show the order as overdue."
    ),
)
def handle(
    session: Session,
    actor: Actor,
    subject: Subject,
    item_id: UUID | None,
    shipment_id: UUID | None,
    task_id: str,
    overdue_wait: Any,
) -> None:
    """`overdue_wait` is set by the flow from the timer."""
    waiting_at = str(overdue_wait or "unknown")
    mark_overdue(session, actor, subject, item_id, shipment_id, task_id=task_id, waiting_at=waiting_at)
