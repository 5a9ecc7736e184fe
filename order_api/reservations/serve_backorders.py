"""Gives free units to waiting reservations, strictly oldest first per sku, and wakes their flows (J6).

Locks no order, so a receipt does not wait for the story of an order.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.outbox import announce, wake_ups
from order_api.outbox.lanes import INVENTORY
from order_api.outbox.models import RowKind
from order_api.reservations import repository as stock
from order_api.reservations.allocate import allocate
from order_api.reservations.status import ReservationStatus
from order_api.words.events import Event

MAX_SERVED = 100
"""Reservations that one transaction serves; meanwhile every other story of the sku waits."""


def serve_more_backorders(session: Session, sku: str) -> None:
    """Serves the backorders that were too many for one transaction. Repeating is safe: a unit is allocated once."""
    stock.lock_sku(session, sku)
    serve_backorders(session, [sku])


def serve_backorders(session: Session, skus: Iterable[str]) -> None:
    """Serves up to MAX_SERVED; an outbox row makes the relay continue from there. The caller has locked the skus."""
    room = MAX_SERVED
    for sku in sorted(skus):
        room -= _serve(session, sku, room)


def _serve(session: Session, sku: str, room: int) -> int:
    """Returns the number of reservations that got units; the last may get only a part and keep waiting."""
    free, backorders = stock.free_units(session, sku), stock.backorders(session, sku, room + 1)
    numbers = stock.order_numbers(session, backorders)
    served = 0
    for reservation in backorders[:room]:
        units = min(free, reservation.missing)
        if not units:
            break
        allocate(session, reservation, units)
        if reservation.status == ReservationStatus.RESERVED:
            _wake(session, numbers[reservation.order_id], reservation.item_id)
        free -= units
        served += 1
    if free and len(backorders) > room:
        announce.request_work(session, INVENTORY, RowKind.SERVE_BACKORDERS, sku, sku=sku)
    return served


def _wake(session: Session, order_number: str, item_id: UUID) -> None:
    """Wakes without a history row, because no order is locked here; the woken flow writes it."""
    wake_ups.wake(session, order_number, Event.ITEM_STOCK_ALLOCATED, [item_id])
