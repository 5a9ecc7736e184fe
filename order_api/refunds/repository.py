from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.refunds.errors import RefundNotFound
from order_api.refunds.models import Destination, Refund, RefundState


def get(session: Session, actor: Actor, number: str) -> Refund:
    """Raises RefundNotFound also for a refund of an order that the actor may not see."""
    of_actor = orders.visible(actor).with_only_columns(Order.id)
    refund = session.scalar(select(Refund).where(Refund.number == number, Refund.order_id.in_(of_actor)))
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


def visible(actor: Actor) -> Select[Refund, Order]:
    """The refunds that the actor may see, each with its order."""
    of_order = orders.visible(actor).join(Refund, Refund.order_id == Order.id)
    return of_order.with_only_columns(Refund, Order)


def refunds_of(session: Session, order_id: UUID) -> list[Refund]:
    return list(session.scalars(select(Refund).where(Refund.order_id == order_id).order_by(Refund.position)))


def new_refund(
    session: Session, actor: Actor, order: Order, state: RefundState, destination: Destination, reason: str
) -> Refund:
    """Numbers the refund and adds it, still without its amounts. The order is locked."""
    last = session.scalar(select(func.max(Refund.position)).where(Refund.order_id == order.id))
    position = (last or 0) + 1
    refund = Refund(id=uuid4(), order_id=order.id, position=position, number=f"{order.number}-F{position}")
    refund.state, refund.destination, refund.reason = state, destination, reason
    refund.requested_by, refund.requested_by_role, refund.requested_at = actor.id, actor.role, clock.now()
    session.add(refund)
    return refund
