"""Takes the stock of a shipment off the shelf. The relay calls it once the shipment is recorded."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.orders.units import shipped_units, units_in_parcel
from order_api.reservations import repository as stock
from order_api.reservations.allocate import take_off_shelf
from order_api.reservations.models import Reservation, TakenStock
from order_api.words.events import Event


def take_stock(session: Session, actor: Actor, order_id: UUID, shipment_id: UUID) -> None:
    """Repeating is safe: `TakenStock` records each shipment once. Goods that were never reserved change no stock."""
    order = repository.get_for_update(session, actor, order_id, Order.items)
    units = units_in_parcel(shipped_units(session, order_id), shipment_id)
    stock.lock_skus(session, {item.stock_key for item in order.items if item.id in units})
    reservations = stock.stocked_reservations_by_item(session, order_id)
    for item_id, quantity in units.items():
        reservation = reservations.get(item_id)
        if reservation is not None and _take(session, reservation, shipment_id, quantity):
            _record(session, actor, order, reservation)


def _take(session: Session, reservation: Reservation, shipment_id: UUID, units: int) -> bool:
    """True if the last units of the reservation left."""
    if session.get(TakenStock, (reservation.id, shipment_id)) is not None:
        return False
    session.add(TakenStock(reservation_id=reservation.id, shipment_id=shipment_id, quantity=units))
    take_off_shelf(session, reservation, units)
    return reservation.take(units, clock.now())


def _record(session: Session, actor: Actor, order: Order, reservation: Reservation) -> None:
    units = reservation.quantity
    history.record(session, order, Event.ITEM_STOCK_TAKEN, actor, item_id=reservation.item_id, details={"units": units})
