from typing import Any
from uuid import UUID

from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.core.outside import run
from order_api.outbox.subjects import Subject
from order_api.progress.record_decision import DecisionInput, RecordDecision
from workers.runtime.registry import handles


@handles(
    Topic.RECORD_DECISION,
    Template(
        "Record a person's decision",
        "Writes into the order's history who decided what, and why. Goes after a user task.",
    ),
    returns={"decision"},
)
def handle(
    subject: Subject,
    item_id: UUID | None,
    shipment_id: UUID | None,
    task_id: str,
    process_instance_id: str,
    decision_of: str,
    decision: Any,
    decision_reason: Any,
) -> dict[str, str]:
    """Returns `decision` as text, because the next gateway fails on a number or a missing variable."""
    decided = DecisionInput(task_id, process_instance_id, decision_of, shipment_id, decision, decision_reason)
    accepted = run(RecordDecision(subject, item_id, decided)).accepted_word
    return {} if accepted == decision else {"decision": accepted}
