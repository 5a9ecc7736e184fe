"""Records that a parcel arrived and wakes the flows of its items."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.errors import OrderNotFound
from order_api.orders.models import Order
from order_api.orders.units import deliver_units
from order_api.progress.follow_items import follow_items
from order_api.shipments.errors import ShipmentNotFound
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
        if not item.open_quantity:
            item.unable_to_ship_reason = None
        # While units are open, the flow waits for those to leave.
        flows = [] if item.open_quantity else [item.id]
        details = {"shipment_id": shipment.id}
        history.record(session, order, Event.ITEM_DELIVERED, actor, item_id=item.id, flows=flows, details=details)
    follow_items(session, actor, order)
    return shipment
