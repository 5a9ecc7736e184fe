"""Requests the process of a new order and chooses its variables."""

from typing import Any

from sqlalchemy.orm import Session

from order_api.core import money
from order_api.orders.links import console_address
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.models import SubjectProcess
from order_api.progress.processes import request_process
from order_api.stores.properties import CollectionProperties
from order_api.words.events import Event

OF_OTHERS = (
    "refund_time_limit",
    "gateway_answer_limit",
    "return_time_limit",
    "return_reminder_window",
    "inspection_time_limit",
)
"""Limits that only refunds and returns read."""


def request_order_process(session: Session, order: Order, properties: CollectionProperties) -> SubjectProcess:
    """Requests the process of this order."""
    subject = Subject.of_order(order.id, order.number)
    return request_process(session, subject, Event.ORDER_PLACED, _variables(order, properties))


def _variables(order: Order, properties: CollectionProperties) -> dict[str, Any]:
    """Ids, routing facts and time limits; the engine gets neither the order itself nor personal data."""
    groups = {group.id: group for group in order.ship_groups}
    items = [
        {"item_id": str(i.id), "sku": i.sku, "fulfillment_type": groups[i.ship_group_id].fulfillment_type}
        for i in order.items
    ]
    return {
        "order_id": str(order.id),
        "order_number": order.number,
        "channel": order.channel,
        "collection": order.collection_key,
        "total": money.to_text(order.grand_total, order.currency),
        "currency": order.currency,
        "order_url": console_address(order.id),
        "items": items,
        **{name: limit for name, limit in properties.durations().items() if name not in OF_OTHERS},
    }
