"""Begins the undo of an order: records why, withdraws an open fraud screening, ends the waits of its items (J5)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.orders import repository
from order_api.progress.undo import mark_undo_begun
from order_api.progress.wait import end_item_waits, end_wait
from order_api.words.events import Event


def begin_undo(session: Session, actor: Actor, order_id: UUID) -> None:
    """Repeating is safe: the undo begins once. Does not undo a closed order."""
    order = repository.get_for_update(session, actor, order_id)
    end_wait(session, actor, order, None, Event.ORDER_CANCEL_REQUESTED)
    if order.is_closed:
        return
    mark_undo_begun(session, actor, order)
    withdraw_screening(session, order)
    end_item_waits(session, actor, order)
