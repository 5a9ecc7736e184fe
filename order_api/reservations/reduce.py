"""Lowers the reservations of items whose units were canceled, so that other orders get the stock."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.orders.models import Order, OrderItem
from order_api.outbox import wake_ups
from order_api.reservations import repository as stock
from order_api.reservations.allocate import give_back
from order_api.reservations.serve_backorders import serve_backorders
from order_api.reservations.status import ReservationStatus
from order_api.words.events import Event


def reduce_reservations(session: Session, order: Order, canceled: Mapping[OrderItem, int], *, wakes: bool) -> set[UUID]:
    """Takes this many units off the open reservation of each item, then serves the backorders of their skus.

    If `wakes`, wakes the flow of an item that waited for stock and needs none, or has all of it now; returns these
    items. The caller has locked the order and canceled the units.
    """
    by_id = {item.id: item for item in canceled}
    reservations = stock.lock_open(session, by_id)
    woken = set()
    for reservation in reservations:
        item, now = by_id[reservation.item_id], clock.now()
        was_waiting = reservation.status == ReservationStatus.BACKORDERED
        give_back(session, reservation, reservation.reduce(canceled[item], item.shipped_quantity, now))
        if wakes and was_waiting and reservation.status != ReservationStatus.BACKORDERED:
            wake_ups.wake(session, order.number, Event.ITEM_STOCK_ALLOCATED, [item.id])
            woken.add(item.id)
    session.flush()
    serve_backorders(session, {reservation.sku for reservation in reservations})
    return woken
