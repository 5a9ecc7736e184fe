"""Only an item at fulfillment can ship or be reported as unable to ship."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.orders import repository as orders
from order_api.orders.models import Order
from order_api.shipments.errors import ItemNotAtFulfillment
from order_api.shipments.repository import items_at_fulfillment


def refuse_unsent(session: Session, order: Order, item_ids: Iterable[UUID]) -> None:
    """Raises ItemNotAtFulfillment for an item not at fulfillment, for example before payment or without stock."""
    at_fulfillment = items_at_fulfillment(session, order.id)
    for item in [orders.item_of(order, item_id) for item_id in item_ids]:
        if item.id not in at_fulfillment:
            message = f"Line {item.line_id} of {order.number} is not at fulfillment; do not ship it."
            raise ItemNotAtFulfillment(message, line_id=item.line_id)
