from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.camunda.names import Message
from order_api.core import clock
from order_api.outbox import announce
from order_api.reservations.models import Reservation
from order_api.reservations.port import Inventory
from order_api.reservations.status import OPEN, ReservationStatus
from order_api.reservations.stock_ledger import StockLedger


def of_order(session: Session, order_id: UUID) -> list[Reservation]:
    query = select(Reservation).where(Reservation.order_id == order_id)
    return list(session.scalars(query.order_by(Reservation.requested_at, Reservation.id)))


def open_of_item(session: Session, item_id: UUID) -> Reservation | None:
    return session.scalar(select(Reservation).where(Reservation.item_id == item_id, Reservation.status.in_(OPEN)))


def inventory() -> Inventory:
    """The company's inventory, told how to announce stock that came for somebody in line."""
    return StockLedger(on_allocated=_allocated)


def _allocated(session: Session, key: UUID) -> None:
    """Runs in the stock's transaction and locks no order: a receipt must not wait for a buyer's story."""
    waiting = (ReservationStatus.REQUESTED, ReservationStatus.BACKORDERED)
    held = session.execute(
        update(Reservation)
        .where(Reservation.id == key, Reservation.status.in_(waiting))
        .values(status=ReservationStatus.HELD, settled_at=clock.now())
        .returning(Reservation.order_id, Reservation.item_id)
    ).one_or_none()
    if held is not None:
        announce.correlate(session, Message.STOCK_ALLOCATED, held.order_id, held.item_id)
