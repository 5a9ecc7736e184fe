from uuid import UUID

from order_api.camunda.names import Topic
from order_api.camunda.tasks import completed_by
from order_api.core.database import transaction
from order_api.orders.decide import record_decision
from workers.runtime.registry import handles


@handles(Topic.RECORD_DECISION)
def handle(
    order_id: UUID,
    task_id: str,
    process_instance_id: str,
    decision_of: str,
    decision: str | None,
    decision_reason: str | None,
) -> None:
    human = completed_by(process_instance_id, decision_of)
    with transaction() as session:
        record_decision(session, order_id, task_id, decision_of, human.user, decision, decision_reason)
