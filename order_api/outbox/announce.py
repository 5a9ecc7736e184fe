"""Write down what others must be told, in the transaction of the fact itself."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, text, update
from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from order_api.camunda.names import Message, Process
from order_api.core import clock
from order_api.outbox.models import OUTBOX, Kind, OutboxRow, State

WAKE_UP = text("NOTIFY outbox")


def start(session: Session, process: Process, order_id: UUID, variables: dict[str, Any]) -> None:
    """Have the engine start the process of a new order; everything else of the order waits for this row."""
    _add(session, Kind.START, process, order_id, None, variables)


def correlate(session: Session, message: Message, order_id: UUID, item_id: UUID | None = None) -> None:
    """Wake the flow that waits for this fact."""
    _add(session, Kind.MESSAGE, message, order_id, item_id, {})


def mail(session: Session, notice: str, order_id: UUID, notification_id: UUID) -> None:
    _add(session, Kind.MAIL, notice, order_id, None, {"notification_id": str(notification_id)})


def take_stock(session: Session, order_id: UUID, shipment_id: UUID) -> None:
    """Goods have left: the inventory must take them off its shelves."""
    _add(session, Kind.STOCK, "take-stock", order_id, None, {"shipment_id": str(shipment_id)})


def serve_line(session: Session, order_id: UUID, sku: str) -> None:
    """More wait for free units of the sku than one transaction serves; the order is the next of them."""
    _add(session, Kind.STOCK, "serve-line", order_id, None, {"sku": sku})


def void_payment(session: Session, order_id: UUID) -> None:
    """Money is held for an order whose flow has passed the place where it would have been released."""
    _add(session, Kind.PAYMENT, "void-payment", order_id, None, {})


def _add(
    session: Session, kind: Kind, name: str, order_id: UUID, item_id: UUID | None, payload: dict[str, Any]
) -> None:
    now = clock.now()
    row = OutboxRow(kind=kind, name=name, order_id=order_id, item_id=item_id, payload=payload)
    row.created_at = row.due_at = now
    row.request_id = get_contextvars().get("request_id")
    session.add(row)
    session.execute(WAKE_UP)


def is_waiting(session: Session, message: Message, order_id: UUID) -> bool:
    """Whether a message of the order itself is still to be delivered."""
    waiting = select(OUTBOX.c.id).where(OUTBOX.c.order_id == order_id, OUTBOX.c.state == State.PENDING)
    return session.execute(waiting.where(OUTBOX.c.name == message, OUTBOX.c.item_id.is_(None))).first() is not None


def consumed(session: Session, message: Message, order_id: UUID, item_id: UUID | None = None) -> None:
    """The fact was read, so nobody needs to be woken for it any more (J3).

    Call it in the transaction that read the fact, with the order row locked: a fact that comes later has a later row.
    """
    _drop(session, order_id, OUTBOX.c.name == message, OUTBOX.c.item_id.is_not_distinct_from(item_id))


def consumed_all(session: Session, order_id: UUID) -> None:
    """The flows of the order's items are no more: nobody is left to be woken for one of them."""
    _drop(session, order_id, OUTBOX.c.item_id.is_not(None))


def _drop(session: Session, order_id: UUID, *which: ColumnElement[bool]) -> None:
    session.flush()
    session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.state == State.PENDING, OUTBOX.c.kind == Kind.MESSAGE, OUTBOX.c.order_id == order_id, *which)
        .values(state=State.DROPPED, last_error="The fact was read before.", closed_at=clock.now())
    )
