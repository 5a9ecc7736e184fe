"""Cancels open units, highest first (R4): one cancellation and one history row per item."""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.orders.models import Order, OrderItem
from order_api.orders.units import cancel_open_units
from order_api.words.events import Event


def cancel_units(session: Session, actor: Actor, order: Order, items: Iterable[OrderItem]) -> None:
    """Cancels the open units of these items. The caller has locked the order."""
    cancellation_id = uuid4()
    canceled = cancel_open_units(session, items, cancellation_id)
    for item in (item for item in items if item.id in canceled):
        flows = [item.id] if item.has_arrived else []
        details = {"units": canceled[item.id], "cancellation_id": cancellation_id}
        history.record(session, order, Event.ITEM_CANCELED, actor, item_id=item.id, flows=flows, details=details)
