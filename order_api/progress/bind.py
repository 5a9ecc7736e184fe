"""One process per order (J2): the first task that is worked binds its process instance; any other is a twin."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.orders.errors import OrderNotFound
from order_api.orders.models import Order


def bind_process(session: Session, order_id: UUID, process_instance_id: str) -> bool:
    """True when this instance is the order's own, False when another one is.

    Raises OrderNotFound: an order that we do not know may be one that a restored backup has lost, so nobody's twin.
    """
    bound = _bound(session, order_id)
    if bound is None:
        free = update(Order).where(Order.id == order_id, Order.process_instance_id.is_(None))
        session.execute(free.values(process_instance_id=process_instance_id))
        bound = _bound(session, order_id)
    return bound == process_instance_id


def _bound(session: Session, order_id: UUID) -> str | None:
    row = session.execute(select(Order.process_instance_id).where(Order.id == order_id)).one_or_none()
    if row is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    bound: str | None = row.process_instance_id
    return bound


def rebind_process(session: Session, order_id: UUID, process_instance_id: str | None) -> None:
    """An operator says which instance counts from now on; None is the next one whose task is worked."""
    order = session.get(Order, order_id, with_for_update=True)
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    order.process_instance_id = process_instance_id


def is_bound(session: Session, order_id: UUID) -> bool:
    return _bound(session, order_id) is not None


def is_closed(session: Session, order_id: UUID) -> bool:
    order = session.get(Order, order_id)
    return order is None or order.is_closed
