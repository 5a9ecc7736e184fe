from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.shipments.unable_to_ship import confirm_unable_to_ship
from workers.runtime.registry import WithoutStatus, handles


@handles(
    Topic.CONFIRM_UNABLE_TO_SHIP,
    Template("Confirm that it cannot ship", "Checks whether the report that the item cannot ship still stands."),
    returns={"unable_to_ship", "unable_to_ship_reason"},
)
def handle(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> dict[str, Any]:
    """For an item that was never handed over the flow already knows the reason, so the variable stays as it is."""
    report = confirm_unable_to_ship(session, actor, order_id, item_id)
    if not report.stands:
        return WithoutStatus({"unable_to_ship": False})
    return {"unable_to_ship": True} | ({"unable_to_ship_reason": report.reason} if report.reason else {})
