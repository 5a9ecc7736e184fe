"""The stock of a shipment is taken off the shelf for good; told by the outbox after the shipment was written down."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.units import ShippedUnits, shipped_units, units_in_parcel
from order_api.reservations import repository as reservations
from order_api.reservations.models import Reservation
from order_api.reservations.status import ReservationStatus
from order_api.words.events import Event

HAD_STOCK = frozenset({ReservationStatus.HELD, ReservationStatus.RELEASED, ReservationStatus.TAKEN})


def take_stock(actor: Actor, order_id: UUID, shipment_id: UUID) -> None:
    """Repeating is safe: the inventory knows the shipment. Goods that nobody had reserved change no stock."""
    with transaction() as session:
        units = shipped_units(session, order_id)
        rows = {r.item_id: r for r in reservations.of_order(session, order_id) if r.status in HAD_STOCK}
    in_parcel = {i: quantity for i, quantity in units_in_parcel(units, shipment_id).items() if i in rows}
    for item_id, quantity in in_parcel.items():
        reservations.inventory().take(rows[item_id].id, shipment_id, quantity)
    gone = [row for row in map(rows.__getitem__, in_parcel) if _left(row, units) >= row.quantity]
    _close(actor, order_id, gone)


def _left(row: Reservation, units: list[ShippedUnits]) -> int:
    return sum(part.quantity for part in units if part.item_id == row.item_id)


def _close(actor: Actor, order_id: UUID, rows: list[Reservation]) -> None:
    """All units of these holds have left, perhaps some in parcels whose stock is taken after this one's."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id)
        for row in rows:
            done = session.get_one(Reservation, row.id, with_for_update=True, populate_existing=True)
            if done.status != ReservationStatus.TAKEN:
                done.status, done.settled_at = ReservationStatus.TAKEN, clock.now()
                history.record(session, order, Event.ITEM_STOCK_TAKEN, actor, item_id=row.item_id, units=row.quantity)
