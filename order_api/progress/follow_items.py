"""Keeps an order's status true to its units, whichever story changed them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders.models import Order, OrderItem
from order_api.orders.roll_up import ON_HOLD, SENT, UnitCounts, rolled_up
from order_api.orders.status import ORDER_STATUSES
from order_api.progress.set_status import set_status
from order_api.words import CLOSED


def follow_items(session: Session, actor: Actor, order: Order) -> None:
    """Sets the order's status when its units have reached the next milestone. The caller has locked the order.

    A designer's own status stays until then. A hold stays until the order is done or canceled.
    """
    session.flush()
    milestone = rolled_up(_units(session, order), is_closed=order.closed_at is not None)
    if milestone is None or milestone == order.milestone:
        return
    order.milestone = milestone
    category = ORDER_STATUSES[milestone]
    if order.status != ON_HOLD or category in CLOSED:
        set_status(session, order, order, milestone, category, actor)


def _units(session: Session, order: Order) -> UnitCounts:
    item = OrderItem
    is_sent = func.bool_or(item.status == SENT)
    sums = select(
        func.sum(item.quantity - item.canceled_quantity),
        func.sum(item.shipped_quantity),
        func.sum(item.delivered_quantity),
        is_sent,
    )
    return UnitCounts(*session.execute(sums.where(item.order_id == order.id)).one())
