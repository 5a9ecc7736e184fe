"""A parcel arrived; the flows of its items are woken."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.errors import OrderNotFound
from order_api.orders.models import Order
from order_api.orders.units import deliver_units
from order_api.outbox import announce
from order_api.progress.overdue import end_wait
from order_api.shipments.errors import NotDelivered, ShipmentNotFound
from order_api.shipments.models import Shipment


def deliver(session: Session, actor: Actor, shipment_id: UUID) -> Shipment:
    """Repeating is safe: a parcel arrives once. A flow waits for deliveries when nothing of its item is open any more,
    and what left in spite of a cancellation has no flow."""
    shipment = session.get(Shipment, shipment_id)
    if shipment is None:
        raise ShipmentNotFound(f"There is no shipment {shipment_id}.")
    try:
        order = repository.get_for_update(session, actor, shipment.order_id, Order.items)
    except OrderNotFound:
        raise ShipmentNotFound(f"There is no shipment {shipment_id}.") from None
    session.refresh(shipment)
    if shipment.delivered_at is not None:
        return shipment
    shipment.delivered_at = clock.now()
    for item in deliver_units(session, order, shipment.id):
        history.record(session, order, "item.delivered", actor, item_id=item.id, shipment_id=shipment.id)
        if order.cancel_requested_at is None and not item.open_quantity:
            announce.correlate(session, Message.ITEM_DELIVERED, order.id, item.id)
    return shipment


def confirm_delivery(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    """Raises NotDelivered while units of the item are on their way."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id)
        item = repository.get_item(session, order, item_id)
        end_wait(session, actor, order, item_id)
        announce.consumed(session, Message.ITEM_DELIVERED, order_id, item_id)
        on_their_way = item.shipped_quantity - item.delivered_quantity
    if on_their_way:
        raise NotDelivered(f"{item.sku}: {on_their_way} units are on their way.")


def shipments_of(session: Session, order_id: UUID) -> list[Shipment]:
    query = select(Shipment).where(Shipment.order_id == order_id)
    return list(session.scalars(query.order_by(Shipment.shipped_at, Shipment.id)))
