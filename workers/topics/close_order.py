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
        "a parcel is unpaid it answers `unsettled`; while the money does not add up, `unexplained`.",
    ),
    returns={"unsettled", "unexplained", "money_difference"},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str) -> ServiceError | dict[str, bool | str]:
    story = run(CloseOrder(actor, order_id, task_id))
    if story.refusal is not None:
        return story.refusal
    is_unexplained = story.is_settled and not story.is_explained
    answer: dict[str, bool | str] = {
        "unsettled": not story.is_settled,
        "unexplained": is_unexplained,
        "money_difference": story.difference,
    }
    return answer if story.is_explained else WithoutStatus(answer)
