"""Freezes the order when its edit window is over: its lines no longer change."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.progress.lock import lock_for_task, require_open
from order_api.words.events import Event


def freeze_order(session: Session, actor: Actor, order_id: UUID) -> None:
    """Repeating is safe: an order is frozen once."""
    order = lock_for_task(session, actor, order_id)
    if order.frozen_at is None:
        require_open(order)
        order.frozen_at = clock.now()
        history.record(session, order, Event.ORDER_FROZEN, actor)
