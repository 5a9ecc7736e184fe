from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.shipments.confirm import confirm_delivery
from workers.runtime.registry import WithoutStatus, handles


@handles(
    Topic.CONFIRM_DELIVERY,
    Template("Confirm the delivery", "Checks whether all shipped units of the item have arrived."),
    returns={"all_delivered", "all_canceled"},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> dict[str, bool]:
    progress = confirm_delivery(session, actor, order_id, item_id)
    answer = {"all_delivered": progress.all_delivered, "all_canceled": progress.all_canceled}
    return answer if progress.all_delivered and not progress.all_canceled else WithoutStatus(answer)
