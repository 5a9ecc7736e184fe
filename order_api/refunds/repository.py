from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.refunds.errors import RefundNotFound
from order_api.refunds.models import Refund


def get(session: Session, actor: Actor, number: str) -> Refund:
    """Raises RefundNotFound also for a refund of an order that the actor may not see."""
    visible = orders.visible(actor).with_only_columns(Order.id)
    refund = session.scalar(select(Refund).where(Refund.number == number, Refund.order_id.in_(visible)))
    if refund is None:
        raise RefundNotFound(f"There is no refund {number}.")
    return refund


def lock(session: Session, actor: Actor, number: str) -> tuple[Order, Refund]:
    """Locks the order, then the refund (J6). The order's items and tenders are loaded."""
    refund = get(session, actor, number)
    order = orders.get_for_update(session, actor, refund.order_id, Order.items, Order.tenders)
    session.refresh(refund, with_for_update=True)
    return order, refund


def lock_for_task(session: Session, actor: Actor, subject: Subject) -> tuple[Order, Refund]:
    """Both for a step of the refund's process."""
    order = orders.get_for_update(session, actor, subject.order_id, Order.items, Order.tenders)
    return order, session.get_one(Refund, subject.id, with_for_update=True, populate_existing=True)


def refunds_of(session: Session, order_id: UUID) -> list[Refund]:
    return list(session.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.position)))


def next_position(session: Session, order_id: UUID) -> int:
    """The order is locked."""
    last = session.scalar(select(func.max(Refund.position)).where(Refund.order_id == order_id))
    return (last or 0) + 1
