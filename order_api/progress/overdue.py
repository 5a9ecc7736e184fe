"""Marks a wait that took longer than its limit; lists show the mark until the flow moves on."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.progress.once import claim_effect_once
from order_api.words.events import Event


def mark_overdue(
    session: Session, actor: Actor, order_id: UUID, item_id: UUID | None, *, task_id: str, waiting_at: str
) -> None:
    """Marks once per task. Without an `item_id`, the order's own flow waits.

    Ignores a late mark, whose wait is over: the order is closed, or an undo has ended the flows of its items.
    """
    order, now = repository.get_for_update(session, actor, order_id), clock.now()
    is_over = order.is_closed or (item_id is not None and order.undo_began_at is not None)
    if not is_over and claim_effect_once(session, task_id, "overdue"):
        order.overdue_at = order.overdue_at or now
        if item_id is not None:
            repository.get_item(session, order, item_id).overdue_at = now
        history.record(session, order, Event.ORDER_OVERDUE, actor, item_id=item_id, reason=waiting_at)
