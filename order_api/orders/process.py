"""One process per order (J2): the first task that is worked binds its process instance; any other is a twin."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.orders.models import Order


def bind_process(session: Session, order_id: UUID, process_instance_id: str) -> bool:
    """True when this instance is the order's own; False when another one is, or there is no such order."""
    session.execute(
        update(Order)
        .where(Order.id == order_id, Order.process_instance_id.is_(None))
        .values(process_instance_id=process_instance_id)
    )
    return session.scalar(select(Order.process_instance_id).where(Order.id == order_id)) == process_instance_id


def rebind_process(session: Session, order_id: UUID, process_instance_id: str) -> None:
    """An operator restarted the process in Cockpit and says which instance counts from now on."""
    session.execute(update(Order).where(Order.id == order_id).values(process_instance_id=process_instance_id))


def is_closed(session: Session, order_id: UUID) -> bool:
    order = session.get(Order, order_id)
    return order is None or order.is_closed
