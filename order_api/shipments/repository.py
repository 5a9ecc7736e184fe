from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.keys import compared
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.orders.version import require_version
from order_api.shipments.errors import ShipmentNotFound
from order_api.shipments.models import OPEN, FulfillmentRequestRow, Shipment


def order_of_shipment(session: Session, actor: Actor, shipment_id: UUID) -> UUID:
    shipments = orders.visible(actor).join(Shipment, Shipment.order_id == Order.id).where(Shipment.id == shipment_id)
    order_id: UUID | None = session.scalar(shipments.with_only_columns(Order.id))
    if order_id is None:
        raise ShipmentNotFound(f"There is no shipment {shipment_id}.")
    return order_id


def require_version_of_shipment(session: Session, actor: Actor, if_match: str, shipment_id: UUID) -> None:
    require_version(session, actor, if_match, order_of_shipment(session, actor, shipment_id))


def shipments_of(session: Session, order_id: UUID) -> list[Shipment]:
    query = select(Shipment).where(Shipment.order_id == order_id)
    return list(session.scalars(query.order_by(Shipment.shipped_at, Shipment.id)))


def unsettled_shipments(session: Session, order_id: UUID) -> list[Shipment]:
    """Shipments whose worth is not yet captured, oldest first."""
    return [shipment for shipment in shipments_of(session, order_id) if shipment.settled_at is None]


def tracking_key(tracking_number: str) -> str:
    """People and programs write the same number in capitals or not, and in groups or not."""
    return "".join(compared(tracking_number).casefold().split())


def find_shipment(session: Session, order: Order, tracking_number: str) -> Shipment | None:
    """Within an order a tracking number is one parcel, under any name of its carrier."""
    own = Shipment.order_id == order.id, Shipment.tracking_key == tracking_key(tracking_number)
    return session.scalar(select(Shipment).where(*own))


def requests_of(session: Session, order_id: UUID) -> list[FulfillmentRequestRow]:
    """All requests of the order, oldest first."""
    query = select(FulfillmentRequestRow).where(FulfillmentRequestRow.order_id == order_id)
    return list(session.scalars(query.order_by(FulfillmentRequestRow.requested_at, FulfillmentRequestRow.id)))


def requests_of_item(session: Session, item_id: UUID) -> list[FulfillmentRequestRow]:
    return list(session.scalars(select(FulfillmentRequestRow).where(FulfillmentRequestRow.item_id == item_id)))


def is_at_fulfillment(session: Session, item_id: UUID) -> bool:
    query = select(FulfillmentRequestRow.id).where(FulfillmentRequestRow.item_id == item_id)
    return session.scalar(query.where(FulfillmentRequestRow.status.in_(OPEN))) is not None


def items_at_fulfillment(session: Session, order_id: UUID) -> set[UUID]:
    query = select(FulfillmentRequestRow.item_id).where(FulfillmentRequestRow.order_id == order_id)
    return set(session.scalars(query.where(FulfillmentRequestRow.status.in_(OPEN))))
