from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.settlement.close_order import CloseOrder
from workers.runtime.registry import WithoutStatus, handles


@handles(
    Topic.CLOSE_ORDER,
    Template(
        "Close the order",
        "Releases what is left of the payment and completes the order, or cancels it if all units were canceled. While "
        "a parcel is unpaid it answers that the order is not settled.",
    ),
    returns={"is_settled"},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str) -> ServiceError | dict[str, bool]:
    story = run(CloseOrder(actor, order_id, task_id))
    if story.refusal is not None:
        return story.refusal
    answer = {"is_settled": story.is_settled}
    return answer if story.is_settled else WithoutStatus(answer)
