from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.returns.errors import ReturnNotFound
from order_api.returns.models import Return, ReturnReceipt
from order_api.returns.words import OPEN, ComesBy, ReturnState


def get(session: Session, actor: Actor, number: str, *, at_any_location: bool = False) -> Return:
    """Raises ReturnNotFound also for a return that the actor may not see. A store that receives goods finds a return of
    any location by its number."""
    shown = replace(actor, stores=None) if at_any_location else actor
    return_ = session.scalar(visible(shown).with_only_columns(Return).where(Return.number == number))
    if return_ is None:
        raise ReturnNotFound(f"There is no return {number}.")
    return return_


def lock(session: Session, actor: Actor, number: str, *, at_any_location: bool = False) -> tuple[Order, Return]:
    """Locks the order, then the return (J6). The order's items and tenders are loaded."""
    return_ = get(session, actor, number, at_any_location=at_any_location)
    order = orders.get_for_update(session, actor, return_.order_id, Order.items, Order.tenders)
    return order, session.scalars(_locked(return_.id)).one()


def lock_for_task(session: Session, actor: Actor, subject: Subject) -> tuple[Order, Return]:
    """Both for a step of the return's process."""
    order = orders.get_for_update(session, actor, subject.order_id, Order.items, Order.tenders)
    return order, session.scalars(_locked(subject.id)).one()


def visible(actor: Actor) -> Select[Return, Order]:
    """The returns that the actor may see, each with its order. Store staff see those of their stores."""
    of_order = orders.visible(actor).join(Return, Return.order_id == Order.id)
    query = of_order.with_only_columns(Return, Order)
    return query if actor.stores is None else query.where(Return.location.in_(actor.stores))


def returns_of(session: Session, actor: Actor, order_id: UUID) -> list[Return]:
    """Those that the actor may see, oldest first."""
    own = visible(actor).with_only_columns(Return).where(Return.order_id == order_id)
    return list(session.scalars(own.order_by(Return.position)))


def receipts_of(session: Session, return_: Return) -> list[ReturnReceipt]:
    """Oldest first."""
    own = select(ReturnReceipt).where(ReturnReceipt.return_id == return_.id)
    return list(session.scalars(own.order_by(ReturnReceipt.received_at, ReturnReceipt.id)))


def open_returns(session: Session, order: Order, *, but: Return) -> list[Return]:
    """The other returns of the order that are not over, locked, oldest first."""
    own = Return.order_id == order.id, Return.id != but.id, Return.state.in_(OPEN)
    query = select(Return).where(*own).order_by(Return.position).with_for_update(of=Return)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _locked(return_id: UUID) -> Select[Return]:
    """With its lines and units as they are now."""
    query = select(Return).where(Return.id == return_id).with_for_update(of=Return)
    return query.execution_options(populate_existing=True)


def new_return(session: Session, actor: Actor, order: Order, comes_by: ComesBy, location: str) -> Return:
    """Numbers the return and adds it, still without its units. The order is locked."""
    last = session.scalar(select(func.max(Return.position)).where(Return.order_id == order.id))
    position = (last or 0) + 1
    return_ = Return(id=uuid4(), order_id=order.id, position=position, number=f"{order.number}-R{position}")
    return_.state, return_.comes_by, return_.location = ReturnState.ANNOUNCED, comes_by, location
    return_.announced_by, return_.announced_by_role = actor.id, actor.role or actor.kind
    return_.announced_at = clock.now()
    session.add(return_)
    return return_
