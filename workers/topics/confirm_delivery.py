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
    returns={"all_delivered"},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> dict[str, bool]:
    answer = {"all_delivered": confirm_delivery(session, actor, order_id, item_id).all_delivered}
    return answer if answer["all_delivered"] else WithoutStatus(answer)
