"""Every act for an order looks at the cancellation just before acting, under the order row's lock (J5)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.errors import CancelRequested
from order_api.orders.models import Order
from order_api.orders.repository import Part


def get_for_act(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """Locks the order. Raises CancelRequested, so that cancel and act cannot both happen."""
    order = repository.get_for_update(session, actor, order_id, *parts)
    if order.cancel_requested_at is not None:
        raise CancelRequested(f"{order.number} is being canceled.")
    return order
