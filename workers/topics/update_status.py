from sqlalchemy.orm import Session

from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from workers.runtime.registry import handles


@handles(
    Topic.UPDATE_STATUS,
    Template(
        "Update the status",
        "Only sets a status: draw it where people should see a status of your own.",
        sets_status_on_entry=True,
    ),
)
def handle(session: Session) -> None:
    """Does nothing: the runtime sets the statuses of every task from its extension properties."""
