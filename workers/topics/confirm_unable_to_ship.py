from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.core.errors import ServiceError
from order_api.shipments.unable_to_ship import confirm_unable_to_ship
from workers.runtime.registry import handles


@handles(
    Topic.CONFIRM_UNABLE_TO_SHIP,
    Template("Confirm that it cannot ship", "Checks whether the report still stands."),
    returns={"unable_to_ship_reason"},
    throws={BpmnError.NOT_UNABLE_TO_SHIP},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> ServiceError | dict[str, str]:
    """For an item that was never handed over the flow already knows the reason, so the variable stays as it is."""
    reason = confirm_unable_to_ship(session, actor, order_id, item_id)
    if isinstance(reason, ServiceError):
        return reason
    return {"unable_to_ship_reason": reason} if reason else {}
