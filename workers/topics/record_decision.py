from typing import Any
from uuid import UUID

from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.tasks import completed_by
from order_api.core.database import transaction
from order_api.progress.record_decision import record_decision
from workers.runtime.registry import handles


@handles(
    Topic.RECORD_DECISION,
    Template(
        "Record a person's decision",
        "Writes into the order's history who decided what, and why. Stands behind a user task.",
    ),
    returns={"decision"},
)
def handle(
    order_id: UUID,
    item_id: UUID | None,
    task_id: str,
    process_instance_id: str,
    decision_of: str,
    decision: Any,
    decision_reason: Any,
) -> dict[str, str]:
    """The gateway behind compares texts and breaks on a number or a missing variable; it survives any text."""
    human = completed_by(process_instance_id, decision_of)
    user = human.user if human else None
    with transaction() as session:
        counts = record_decision(session, order_id, item_id, task_id, decision_of, user, decision, decision_reason)
    return {} if counts == decision else {"decision": counts}
