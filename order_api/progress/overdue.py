"""Marks a wait that took longer than its limit; lists show the mark until the flow moves on."""

from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.models import SubjectProcess
from order_api.progress.once import claim_effect_once
from order_api.words.events import Event


def mark_overdue(
    session: Session, actor: Actor, subject: Subject, item_id: UUID | None, *, task_id: str, waiting_at: str
) -> None:
    """Marks once per task: the order or its item, and for another subject, such as a return, its processes.

    Without an `item_id`, the subject's own flow waits. Ignores a late mark, whose wait is over: the order is closed, or
    an undo has ended the flows of its items.
    """
    order = repository.get_for_update(session, actor, subject.order_id)
    is_over = order.is_closed or (item_id is not None and order.undo_began_at is not None)
    if (is_over and subject.is_order) or not claim_effect_once(session, task_id, "overdue"):
        return
    if subject.is_order:
        _mark(session, order, item_id)
    else:
        statement = update(SubjectProcess).where(SubjectProcess.business_key == subject.number)
        session.execute(statement.values(overdue_at=func.coalesce(SubjectProcess.overdue_at, clock.now())))
    history.record(session, order, Event.ORDER_OVERDUE, actor, item_id=item_id, reason=waiting_at, subject=subject)


def _mark(session: Session, order: Order, item_id: UUID | None) -> None:
    now = clock.now()
    order.overdue_at = order.overdue_at or now
    if item_id is not None:
        repository.get_item(session, order, item_id).overdue_at = now
