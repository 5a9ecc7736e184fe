"""A customer or colleague cancels the whole order. Writes the fact; the flow undoes what was done (J5)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.outbox import announce

CANCEL_REQUESTED = "order.cancel_requested"


def cancel_order(session: Session, actor: Actor, order_id: UUID, reason: str) -> Order:
    """Repeating is safe: an order whose cancellation was asked for stays as it is.

    One that the flow gave up before stays so, too, but its history says that the customer wanted it.
    """
    order = repository.get_for_update(session, actor, order_id, Order.items)
    if order.cancel_requested_at is not None:
        _record_once(session, order, actor, reason)
        return order
    order.cancel(reason, clock.now())
    history.record(session, order, CANCEL_REQUESTED, actor, reason=reason)
    announce.correlate(session, Message.CANCEL_ORDER, order.id)
    return order


def _record_once(session: Session, order: Order, actor: Actor, reason: str) -> None:
    if not history.is_recorded(session, order.id, CANCEL_REQUESTED):
        history.record(session, order, CANCEL_REQUESTED, actor, reason=reason)


def announce_cancel_again(actor: Actor, order_id: UUID) -> None:
    """A task came although its order is being canceled: the process has not heard of it yet, or was started anew.

    The first task of the undo cancels all that is open; after it, the task is merely late.
    """
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.items)
        has_begun = not any(item.open_quantity for item in order.items)
        if not has_begun and not announce.is_waiting(session, Message.CANCEL_ORDER, order_id):
            announce.correlate(session, Message.CANCEL_ORDER, order_id)


def cancel_by_flow(actor: Actor, order_id: UUID) -> None:
    """The flow itself gave the order up (rejected, never paid, nothing to ship): the fact that begins its undo."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id)
        announce.consumed(session, Message.CANCEL_ORDER, order.id)
        if order.cancel_requested_at is None:
            order.give_up(clock.now())
            history.record(session, order, "order.given_up", actor)
