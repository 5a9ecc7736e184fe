from uuid import UUID

from sqlalchemy.orm import Session

from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.progress.decided import last_decision
from workers.runtime.registry import handles


@handles(
    Topic.UPDATE_STATUS,
    Template(
        "Update the status",
        "Only sets a status. With the id of a user task, it also returns the last decision taken there.",
        sets_status_on_entry=True,
    ),
    returns={"decision"},
)
def handle(session: Session, order_id: UUID, item_id: UUID | None, decision_of: str | None) -> dict[str, str]:
    """The runtime sets the statuses of every task from its extension properties."""
    return {"decision": last_decision(session, order_id, item_id, decision_of)} if decision_of else {}
