"""Sets stock aside for an item, or backorders the item (J6)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.wait import end_wait
from order_api.reservations import repository as stock
from order_api.reservations.allocate import allocate
from order_api.reservations.errors import BackorderLimitReached, OutOfStock
from order_api.reservations.models import Reservation
from order_api.reservations.status import ReservationStatus
from order_api.words.events import Event

EVENTS = {
    ReservationStatus.RESERVED: Event.ITEM_RESERVED,
    ReservationStatus.BACKORDERED: Event.ITEM_BACKORDERED,
    ReservationStatus.REFUSED: Event.ITEM_RESERVATION_REFUSED,
}


def reserve_item(
    session: Session, actor: Actor, order_id: UUID, item_id: UUID
) -> OutOfStock | BackorderLimitReached | None:
    """Reserves all open units of the item or none. Returns None if they are set aside or no unit is open.

    Repeating is safe: an item has one open reservation. A refused one is closed, so the next call tries again.
    """
    order = lock_for_task(session, actor, order_id)
    item = repository.get_item(session, order, item_id)
    end_wait(session, actor, order, item_id)
    reservation = stock.open_of_item(session, item_id)
    if reservation is None and item.open_quantity:
        require_open(order)
        reservation = _reserve(session, order, item)
        _record(session, actor, order, reservation)
    elif reservation is None:
        # Every unit was canceled or has left, so the flow waits for no stock.
        end_wait(session, actor, order, item_id, Event.ITEM_STOCK_ALLOCATED)
    elif reservation.status == ReservationStatus.RESERVED:
        _record_reserved(session, actor, order, reservation)
    return _answer(reservation)


def _reserve(session: Session, order: Order, item: OrderItem) -> Reservation:
    stock_row = stock.lock_sku(session, item.stock_key)
    waiting = stock.missing_units(session, item.stock_key)
    has_stock = not waiting and stock.free_units(session, item.stock_key) >= item.open_quantity
    reservation = _backordered(order, item)
    session.add(reservation)
    if has_stock:
        allocate(session, reservation, reservation.quantity)
    elif stock_row.exceeds_backorder_limit(waiting + reservation.quantity):
        reservation.status = ReservationStatus.REFUSED
    session.flush()
    return reservation


def _backordered(order: Order, item: OrderItem) -> Reservation:
    now = clock.now()
    return Reservation(
        order_id=order.id,
        item_id=item.id,
        sku=item.stock_key,
        quantity=item.open_quantity,
        allocated=0,
        taken=0,
        status=ReservationStatus.BACKORDERED,
        requested_at=now,
        status_since=now,
    )


def _record_reserved(session: Session, actor: Actor, order: Order, reservation: Reservation) -> None:
    """Writes the history of stock allocated to a backorder, once. The story that allocated it locked no order."""
    end_wait(session, actor, order, reservation.item_id, Event.ITEM_STOCK_ALLOCATED)
    details = {"reservation_id": reservation.id}
    if not history.is_recorded(session, order.id, EVENTS[ReservationStatus.RESERVED], details):
        _record(session, actor, order, reservation)


def _record(session: Session, actor: Actor, order: Order, reservation: Reservation) -> None:
    details = {"units": reservation.quantity, "reservation_id": reservation.id}
    history.record(session, order, EVENTS[reservation.status], actor, item_id=reservation.item_id, details=details)


def _answer(reservation: Reservation | None) -> OutOfStock | BackorderLimitReached | None:
    if reservation is None or reservation.status == ReservationStatus.RESERVED:
        return None
    if reservation.status == ReservationStatus.REFUSED:
        return BackorderLimitReached(f"{reservation.sku}: the backorder limit is reached.")
    return OutOfStock(f"{reservation.sku}: {reservation.quantity} units are backordered.")
