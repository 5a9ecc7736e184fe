from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.shipments.confirm import confirm_shipment
from workers.runtime.registry import WithoutStatus, handles


@handles(
    Topic.CONFIRM_SHIPMENT,
    Template("Confirm the shipment", "Checks which units of the item have left and which have arrived."),
    returns={"all_shipped", "all_delivered"},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> dict[str, bool]:
    progress = confirm_shipment(session, actor, order_id, item_id)
    answer = {"all_shipped": progress.all_shipped, "all_delivered": progress.all_delivered}
    return answer if progress.all_shipped and not progress.all_canceled else WithoutStatus(answer)
