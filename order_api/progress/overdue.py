"""Marks a wait that took longer than its limit; lists show the mark until the flow moves on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.outbox.subjects import Flow, Parcel, Subject, ids_of
from order_api.progress.models import OverdueWait
from order_api.progress.once import claim_effect_once
from order_api.words.events import Event


def mark_overdue(session: Session, actor: Actor, subject: Subject, flow: Flow, *, task_id: str, wait_name: str) -> None:
    """Marks once per task. `wait_name` names the wait in the history.

    Ignores a late mark, whose wait is over: the order is closed, or an undo has ended the flows of its items.
    """
    item_id, shipment_id = ids_of(flow)
    order = repository.get_for_update(session, actor, subject.order_id)
    is_over = order.is_closed or (item_id is not None and order.undo_began_at is not None)
    if (is_over and subject.is_order) or not claim_effect_once(session, task_id, "overdue"):
        return
    if item_id is not None:
        repository.get_item(session, order, item_id)
    now = clock.now()
    about = {"order_id": order.id, "business_key": subject.number}
    session.add(OverdueWait(**about, item_id=item_id, shipment_id=shipment_id, since=now))
    if subject.is_order:
        order.overdue_at = order.overdue_at or now
    history.record(session, order, Event.ORDER_OVERDUE, actor, item_id=item_id, reason=wait_name, subject=subject)


def end_overdue(session: Session, actor: Actor, order: Order, subject: Subject, flow: Flow) -> None:
    """Removes the mark of the flow; for a subject's own flow, also the marks of all its items.

    The caller has locked the order.
    """
    if subject.is_order and order.overdue_at is None:
        return
    of_subject = OverdueWait.business_key == subject.number
    if isinstance(flow, UUID):
        of_flow = OverdueWait.item_id == flow
    elif isinstance(flow, Parcel):
        of_flow = OverdueWait.shipment_id == flow.shipment_id
    else:
        of_flow = OverdueWait.shipment_id.is_(None)
    if session.scalars(delete(OverdueWait).where(of_subject, of_flow).returning(OverdueWait.id)).first() is None:
        return
    since = session.scalar(select(func.min(OverdueWait.since)).where(of_subject))
    if subject.is_order:
        order.overdue_at = since
    if since is None:
        history.record(session, order, Event.ORDER_OVERDUE_ENDED, actor, subject=subject)


def overdue_of_order(session: Session, order_id: UUID) -> dict[str, datetime]:
    """Maps business keys to times: when the order, or another subject that belongs to it, became overdue."""
    since = func.min(OverdueWait.since).label("since")
    query = select(OverdueWait.business_key, since).where(OverdueWait.order_id == order_id)
    rows = session.execute(query.group_by(OverdueWait.business_key))
    return {row.business_key: row.since for row in rows}
