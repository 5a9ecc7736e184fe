"""Cancels units, those with the highest numbers first (R4): one cancellation and one history row per item."""

from collections.abc import Iterable, Mapping
from uuid import uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.orders.models import Order, OrderItem
from order_api.orders.units import cancel_units
from order_api.progress.follow_items import follow_items
from order_api.words.events import Event


def all_open(items: Iterable[OrderItem]) -> dict[OrderItem, int]:
    """How many open units each item has; leaves out items without any."""
    return {item: item.open_quantity for item in items if item.open_quantity}


def record_cancellation(session: Session, actor: Actor, order: Order, quantities: Mapping[OrderItem, int]) -> None:
    """Cancels this many units of each item. The caller has locked the order."""
    cancellation_id = uuid4()
    cancel_units(session, quantities, cancellation_id)
    for item, quantity in quantities.items():
        flows = [item.id] if item.has_arrived and not item.open_quantity else []
        details = {"units": quantity, "cancellation_id": cancellation_id}
        history.record(session, order, Event.ITEM_CANCELED, actor, item_id=item.id, flows=flows, details=details)
    follow_items(session, actor, order)
