"""Releases the reservations of items, including backorders. Shipped units stay allocated."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.wait import end_wait
from order_api.reservations import repository as stock
from order_api.reservations.allocate import give_back
from order_api.reservations.models import Reservation
from order_api.reservations.serve_backorders import serve_backorders
from order_api.words.events import Event


def release_items(session: Session, actor: Actor, order_id: UUID, item_id: UUID | None = None) -> None:
    """Releases the open reservation of the item (None: of every item), then serves the backorders of their skus.

    Repeating is safe: a released reservation is no longer open.
    """
    order = repository.get_for_update(session, actor, order_id, Order.items)
    items = order.items if item_id is None else [repository.item_of(order, item_id)]
    released = stock.lock_open(session, [item.id for item in items])
    for reservation in released:
        _release(session, actor, order, reservation)
    serve_backorders(session, {reservation.sku for reservation in released})


def _release(session: Session, actor: Actor, order: Order, reservation: Reservation) -> None:
    shipped = repository.item_of(order, reservation.item_id).shipped_quantity
    give_back(session, reservation, reservation.release(shipped, clock.now()))
    end_wait(session, actor, order, reservation.item_id, Event.ITEM_STOCK_ALLOCATED)
    history.record(session, order, Event.ITEM_RESERVATION_RELEASED, actor, item_id=reservation.item_id)
