"""Ends a wait, because the story after the wait has read the fact that the flow waited for."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders.models import Order
from order_api.outbox import announce, wake_ups
from order_api.outbox.subjects import Flow, Subject
from order_api.progress.overdue import end_overdue
from order_api.words.events import Event


def end_wait(
    session: Session, actor: Actor, order: Order, flow: Flow, *facts: Event, subject: Subject | None = None
) -> None:
    """Drops the wake-ups for these facts and ends the overdue mark of the flow.

    A subject's own flow waits only when no item does, so ending its wait also clears the marks of all items, but not
    the marks of parcels.

    The caller has locked the order. `subject` is the subject of the waiting flow, by default the order.
    """
    waiting = subject or Subject.of_order(order.id, order.number)
    if facts:
        wake_ups.drop(session, waiting.number, facts, flow, waiting.kind)
    end_overdue(session, actor, order, waiting, flow)


def end_item_waits(session: Session, actor: Actor, order: Order) -> None:
    """Ends the waits of all items, because the whole order is being undone. The caller has locked the order."""
    announce.drop_wake_ups_of_items(session, order.number)
    end_wait(session, actor, order, None)
