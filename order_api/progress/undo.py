"""The facts about an order's undo: when and why it began, and when it ended."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.orders.models import Order
from order_api.orders.models.order import UndoReason
from order_api.words.events import Event


def mark_undo_begun(
    session: Session, actor: Actor, order: Order, given_up_because: UndoReason = UndoReason.GIVEN_UP_BY_FLOW
) -> None:
    """Records the beginning once. `given_up_because` applies if no cancellation was requested.

    The caller has locked the order.
    """
    if order.undo_began_at is not None:
        return
    is_requested = order.cancel_requested_at is not None
    order.begin_undo(UndoReason.CANCEL_REQUESTED if is_requested else given_up_because, clock.now())
    if not is_requested:
        history.record(session, order, Event.ORDER_GIVEN_UP, actor)


def mark_undo_ended(order: Order) -> None:
    """Records the end once, when nothing is left to undo. The caller has locked the order."""
    if order.undo_began_at is not None and order.undo_ended_at is None:
        order.undo_ended_at = clock.now()
