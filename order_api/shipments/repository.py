from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.shipments.errors import ShipmentNotFound
from order_api.shipments.models import Shipment


def order_of_shipment(session: Session, actor: Actor, shipment_id: UUID) -> UUID:
    shipments = orders.visible(actor).join(Shipment, Shipment.order_id == Order.id).where(Shipment.id == shipment_id)
    order_id: UUID | None = session.scalar(shipments.with_only_columns(Order.id))
    if order_id is None:
        raise ShipmentNotFound(f"There is no shipment {shipment_id}.")
    return order_id


def require_version_of_shipment(session: Session, actor: Actor, if_match: str, shipment_id: UUID) -> None:
    orders.require_version(session, actor, if_match, order_of_shipment(session, actor, shipment_id))
