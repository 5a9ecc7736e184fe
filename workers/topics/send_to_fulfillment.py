from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.settlement.release_item import ReleaseItem
from workers.runtime.registry import handles


@handles(
    Topic.SEND_TO_FULFILLMENT,
    Template("Send to fulfillment", "Hands the item to the warehouse and returns what it has reported so far."),
    returns={"all_shipped", "unable_to_ship"},
    throws={BpmnError.PAYMENT_EXPIRED},
    retries=OUTSIDE_SYSTEM,
)
def handle(
    actor: Actor, order_id: UUID, item_id: UUID, task_id: str, decision: str | None
) -> ServiceError | dict[str, bool]:
    """Hands nothing over that no authorization pays for any more. A decision to try again closes the report that the
    item cannot ship."""
    story = run(ReleaseItem(actor, order_id, item_id, task_id, retry=decision == "retry"))
    return story.refusal or {"all_shipped": story.progress.all_shipped, "unable_to_ship": story.is_unable}
