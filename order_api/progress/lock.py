"""Every act for an order first checks, under the order row's lock, the facts that forbid it (J5)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.repository import Part


def require_not_called_off(order: Order) -> None:
    """Raises CancelRequested, UndoRunning or OrderClosed for a called-off order. The caller has locked the order."""
    if order.is_called_off and (forbidden := order.why_not_act()):
        raise forbidden


def require_open(order: Order) -> None:
    """Raises CancelRequested, UndoRunning or OrderClosed if a fact forbids further acts.

    The caller has locked the order.
    """
    if forbidden := order.why_not_act():
        raise forbidden


def lock_for_task(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """Locks the order for a step of its flow. Raises CalledOff for a called-off order, even when its undo has ended.

    Lets a closed order through, so a restarted flow passes the steps that are done. The step calls
    `require_open` before it does anything new.
    """
    order = repository.get_for_update(session, actor, order_id, *parts)
    if called_off := order.why_called_off():
        raise called_off
    return order
