"""A parcel arrived; the flows of its items are woken."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.errors import OrderNotFound
from order_api.orders.models import Order
from order_api.orders.units import deliver_units
from order_api.progress.wait import end_wait
from order_api.shipments.errors import NotDelivered, ShipmentNotFound
from order_api.shipments.models import Shipment
from order_api.words.events import Event


def deliver(session: Session, actor: Actor, shipment_id: UUID) -> Shipment:
    """Repeating is safe: a parcel arrives once."""
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
        # While units are open, the flow waits for those to leave.
        flows = [] if item.open_quantity else [item.id]
        details = {"shipment_id": shipment.id}
        history.record(session, order, Event.ITEM_DELIVERED, actor, item_id=item.id, flows=flows, details=details)
    return shipment


def confirm_delivery(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> NotDelivered | None:
    """Answers NotDelivered while units of the item are on their way."""
    order = repository.get_for_update(session, actor, order_id)
    item = repository.get_item(session, order, item_id)
    end_wait(session, actor, order, item_id, Event.ITEM_DELIVERED)
    if not item.on_their_way_quantity:
        return None
    return NotDelivered(f"{item.sku}: {item.on_their_way_quantity} units are on their way.")
