"""Every act for an order looks at the facts that forbid it just before acting, under the order row's lock (J5)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.repository import Part


def refuse_called_off(order: Order) -> None:
    """Raises the fact that the order, which is locked, is called off: CancelRequested, UndoRunning or OrderClosed."""
    if order.is_called_off and (forbidden := order.why_not_act()):
        raise forbidden


def get_for_act(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """Locks the order. Raises the fact that forbids to go on: CancelRequested, UndoRunning or OrderClosed."""
    order = repository.get_for_update(session, actor, order_id, *parts)
    if forbidden := order.why_not_act():
        raise forbidden
    return order
