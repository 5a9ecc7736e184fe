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
        "Mark the order overdue", "Shows the order as overdue in lists and queues. Goes after a non-interrupting timer."
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
    """The flow sets `overdue_wait` from the timer."""
    wait_name = str(overdue_wait or "unknown")
    mark_overdue(session, actor, subject, item_id, shipment_id, task_id=task_id, wait_name=wait_name)
