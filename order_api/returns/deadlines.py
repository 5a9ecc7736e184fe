"""Until when a return waits: for goods, and for a person before it counts as overdue."""

from datetime import datetime, timedelta

import isodate
from sqlalchemy.orm import Session

from order_api.orders.models import Order
from order_api.returns.models import Return
from order_api.returns.repository import receipts_of
from order_api.returns.window import end_of
from order_api.stores.models import OrderCollection
from order_api.stores.properties import CollectionProperties


def expires_at(session: Session, order: Order, return_: Return) -> datetime:
    """The end of the last day by the collection's calendar; without one, the collection's limit for returns counts."""
    properties = _properties(session, order)
    if return_.last_day is not None:
        return end_of(return_.last_day, properties.time_zone)
    return after(return_.announced_at, properties.return_time_limit)


def remind_at(session: Session, order: Order, until: datetime) -> datetime:
    return until - (after(until, _properties(session, order).return_reminder_window) - until)


def overdue_at(session: Session, order: Order, return_: Return) -> datetime:
    """When the wait for a verdict or a refund is overdue: when the money is due, or by the collection's limit after the
    last goods have come."""
    latest = max((receipt.received_at for receipt in receipts_of(session, return_)), default=return_.announced_at)
    return return_.refund_due_by or after(latest, _properties(session, order).inspection_time_limit)


def after(moment: datetime, duration: str) -> datetime:
    """`duration` is ISO 8601."""
    length: timedelta = isodate.parse_duration(duration)
    return moment + length


def _properties(session: Session, order: Order) -> CollectionProperties:
    return session.get_one(OrderCollection, order.collection_id).properties
