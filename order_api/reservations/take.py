"""The stock of a shipment is taken off the shelf for good; told by the outbox after the shipment was written down."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.core.database import transaction
from order_api.orders.shipped import shipped_units
from order_api.reservations import repository as reservations
from order_api.reservations.status import ReservationStatus


def take_stock(actor: Actor, order_id: UUID, shipment_id: UUID) -> None:
    """Repeating is safe: the inventory knows the shipment. Goods that nobody had reserved change no stock."""
    with transaction() as session:
        units = [u for u in shipped_units(session, order_id) if u.shipment_id == shipment_id]
        held = (ReservationStatus.HELD, ReservationStatus.RELEASED)
        rows = {r.item_id: r for r in reservations.of_order(session, order_id) if r.status in held}
    for part in units:
        if part.item_id in rows:
            reservations.inventory().take(rows[part.item_id].id, shipment_id, part.quantity)
