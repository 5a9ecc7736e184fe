"""Hold stock for an item, or take its place in line (J6)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import Story
from order_api.integrations.inventory.port import StockAnswer
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.lock import get_for_act
from order_api.progress.wait import wait_is_over
from order_api.reservations import repository as reservations
from order_api.reservations.errors import BackorderLimitReached, OutOfStock
from order_api.reservations.models import Reservation
from order_api.reservations.status import MAY_BECOME, ReservationStatus
from order_api.words.events import Event


@dataclass
class ReserveItem(Story[Reservation, StockAnswer]):
    """Repeating is safe: an item has one open reservation. Answers OutOfStock or BackorderLimitReached."""

    actor: Actor
    order_id: UUID
    item_id: UUID
    asked: UUID | None = None

    def ask(self, session: Session) -> Reservation | None:
        row = session.get(Reservation, self.asked) if self.asked else None
        row = row or _request(session, self.actor, self.order_id, self.item_id)
        self.answer = _answer(row)
        if row is None or self.asked or row.status != ReservationStatus.REQUESTED:
            return None
        self.asked = row.id
        return row

    def find(self, row: Reservation) -> StockAnswer | None:
        return reservations.inventory().find(row.id)

    def call(self, row: Reservation) -> StockAnswer:
        return reservations.inventory().hold(row.id, row.sku, row.quantity)

    def settle(self, session: Session, row: Reservation, reply: StockAnswer) -> None:
        _record(session, self.actor, row, reply)


def _answer(row: Reservation | None) -> OutOfStock | BackorderLimitReached | None:
    if row is not None and row.status == ReservationStatus.BACKORDERED:
        return OutOfStock(f"{row.sku}: {row.quantity} units wait in line.")
    if row is not None and row.status == ReservationStatus.REFUSED:
        return BackorderLimitReached(f"{row.sku}: the line is full.")
    return None


def _request(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> Reservation | None:
    order = get_for_act(session, actor, order_id)
    item = repository.get_item(session, order, item_id)
    row = reservations.open_of_item(session, item_id)
    if row is not None and row.status == ReservationStatus.HELD:
        _record_held(session, actor, order, row)
    if row is not None or not item.open_quantity:
        return row
    row = Reservation(order_id=order_id, item_id=item_id, sku=item.sku, quantity=item.open_quantity)
    row.status, row.requested_at, row.is_new = ReservationStatus.REQUESTED, clock.now(), True
    session.add(row)
    return row


def _record(session: Session, actor: Actor, requested: Reservation, answer: StockAnswer) -> Reservation:
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(Reservation, requested.id, with_for_update=True, populate_existing=True)
    status = ReservationStatus(answer)
    if row.status == ReservationStatus.REQUESTED and status in MAY_BECOME[row.status]:
        row.status, row.settled_at = status, clock.now()
        _write_history(session, actor, order, row)
    elif row.status == ReservationStatus.HELD:
        _record_held(session, actor, order, row)
    return row


EVENTS = {
    ReservationStatus.HELD: Event.ITEM_RESERVED,
    ReservationStatus.BACKORDERED: Event.ITEM_BACKORDERED,
    ReservationStatus.REFUSED: Event.ITEM_RESERVATION_REFUSED,
}


def _record_held(session: Session, actor: Actor, order: Order, row: Reservation) -> None:
    """A receipt that gave stock to those in line wrote no history, because it locks no order: the flow does, once."""
    wait_is_over(session, actor, order, row.item_id, Event.ITEM_STOCK_ALLOCATED)
    if not history.is_recorded(session, order.id, EVENTS[ReservationStatus.HELD], reservation_id=row.id):
        _write_history(session, actor, order, row)


def _write_history(session: Session, actor: Actor, order: Order, row: Reservation) -> None:
    event, units = EVENTS[row.status], row.quantity
    history.record(session, order, event, actor, item_id=row.item_id, units=units, reservation_id=row.id)
