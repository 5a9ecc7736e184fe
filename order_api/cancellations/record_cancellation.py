"""Cancels units: takes them off the bill and gives them their fate."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.cancel_worth import cancel_worth
from order_api.cancellations.models import Cancellation
from order_api.core import clock
from order_api.orders.models import Order
from order_api.orders.units import UnitsOfItems, cancel_units
from order_api.progress.follow_items import follow_items
from order_api.proof.worth import Worth


def new_cancellation(session: Session, requested_by: str, order: Order, reason: str | None = None) -> Cancellation:
    """The record that units canceled by one act name as their cause. The order is locked."""
    cancellation = Cancellation(id=uuid4(), order_id=order.id, reason=reason)
    cancellation.requested_by, cancellation.requested_at = requested_by, clock.now()
    session.add(cancellation)
    session.flush()
    return cancellation


def carry_out_cancellation(
    session: Session, actor: Actor, order: Order, cancellation_id: UUID, units: UnitsOfItems
) -> list[Worth]:
    """Cancels these open units and returns what the customer owes no more. The order is locked and its items are
    loaded. The caller writes the history."""
    worth = cancel_worth(session, order, cancellation_id, units)
    cancel_units(session, units, cancellation_id)
    follow_items(session, actor, order)
    return worth
