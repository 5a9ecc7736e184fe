"""A customer or colleague cancels the whole order. Records the request; the flow undoes what was done (J5)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.words.events import Event

CANCEL_REQUESTED = Event.ORDER_CANCEL_REQUESTED


def cancel_order(session: Session, actor: Actor, order_id: UUID, reason: str) -> Order:
    """Repeating is safe: the first request stands. If the flow has already given the order up, the request is recorded
    but wakes no flow."""
    order = repository.get_for_update(session, actor, order_id, Order.items)
    request_cancel(session, actor, order, actor.id, reason)
    return order


def request_cancel(session: Session, actor: Actor, order: Order, requested_by: str, reason: str) -> None:
    """As `cancel_order`, of an order that is locked. `requested_by` is who wants it, `actor` who carries it out."""
    if order.cancel_requested_at is not None:
        return
    order.request_cancel(requested_by, reason, clock.now())
    flows = [None] if order.undo_began_at is None else []
    history.record(session, order, CANCEL_REQUESTED, actor, reason=reason, flows=flows)


def announce_cancel_again(session: Session, actor: Actor, order_id: UUID, started_at: datetime | None) -> bool:
    """Sends the cancellation again if the process of a called-off order may have missed it. Returns whether one is on
    its way: False if the order is not called off, or if the process has received the cancellation and the task is
    merely late.

    `started_at` is when the task's process instance was bound. An instance bound before the undo began has received the
    cancellation; an instance restarted after that has not. A cancellation that is still pending is not sent twice.
    """
    order = repository.get_for_update(session, actor, order_id)
    began = order.undo_began_at
    has_heard = began is not None and started_at is not None and started_at < began
    if has_heard or not order.is_called_off:
        return False
    if not wake_ups.is_wake_up_pending(session, order.number, CANCEL_REQUESTED):
        wake_ups.wake(session, order.number, CANCEL_REQUESTED, [None])
    return True
