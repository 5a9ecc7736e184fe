"""Ends a wait: the story behind the wait has read the fact that the flow waited for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.orders.models import Order, OrderItem
from order_api.outbox import announce, wake_ups
from order_api.outbox.subjects import Subject
from order_api.progress.models import SubjectProcess
from order_api.words.events import Event


def end_wait(
    session: Session, actor: Actor, order: Order, item_id: UUID | None, *facts: Event, subject: Subject | None = None
) -> None:
    """Drops the wake-ups for these facts and ends the overdue mark of the item, or of the order's own flow.

    The order's own flow waits only when no item does, so its end clears the marks of all items. The order is locked.
    `subject` is what the flow that waited is about, if it may be another one than the order.
    """
    if subject is not None and not subject.is_order:
        _end_wait_of(session, subject, item_id, facts)
        return
    if facts:
        wake_ups.drop(session, order.number, facts, item_id)
    _end_overdue(session, actor, order, item_id)


def _end_wait_of(session: Session, subject: Subject, item_id: UUID | None, facts: Sequence[Event]) -> None:
    if facts:
        wake_ups.drop(session, subject.number, facts, item_id, subject.kind)
    statement = update(SubjectProcess).where(SubjectProcess.business_key == subject.number)
    session.execute(statement.values(overdue_at=None))


def end_item_waits(session: Session, actor: Actor, order: Order) -> None:
    """Ends the waits of all items, because the whole order is being undone. The caller has locked the order."""
    announce.drop_wake_ups_of_items(session, order.number)
    _end_overdue(session, actor, order, None)


def _end_overdue(session: Session, actor: Actor, order: Order, item_id: UUID | None) -> None:
    if order.overdue_at is None:
        return
    query = select(OrderItem).where(OrderItem.order_id == order.id, OrderItem.overdue_at.is_not(None))
    overdue = list(session.scalars(query))
    for item in overdue:
        item.overdue_at = None if item_id in (None, item.id) else item.overdue_at
    order.overdue_at = min((item.overdue_at for item in overdue if item.overdue_at), default=None)
    if order.overdue_at is None:
        history.record(session, order, Event.ORDER_OVERDUE_ENDED, actor)
