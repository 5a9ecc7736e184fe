from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import Topic
from order_api.core.database import transaction
from order_api.orders.update_status import mark_overdue
from workers.runtime.registry import handles


@handles(Topic.MARK_OVERDUE)
def handle(actor: Actor, order_id: UUID, task_id: str, activity_id: str) -> None:
    with transaction() as session:
        mark_overdue(session, actor, order_id, task_id, activity_id)
