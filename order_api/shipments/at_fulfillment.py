"""Which items are at fulfillment: only those can ship or be reported as unable to ship."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders import repository
from order_api.orders.models import Order
from order_api.shipments.errors import ItemNotAtFulfillment
from order_api.shipments.models import OPEN, FulfillmentRequestRow


def is_at_fulfillment(session: Session, item_id: UUID) -> bool:
    query = select(FulfillmentRequestRow.id).where(FulfillmentRequestRow.item_id == item_id)
    return session.scalar(query.where(FulfillmentRequestRow.status.in_(OPEN))) is not None


def refuse_unsent(session: Session, order: Order, item_ids: Iterable[UUID]) -> None:
    """Raises ItemNotAtFulfillment for an item not at fulfillment, for example before payment or without stock."""
    query = select(FulfillmentRequestRow.item_id).where(FulfillmentRequestRow.order_id == order.id)
    open_item_ids = set(session.scalars(query.where(FulfillmentRequestRow.status.in_(OPEN))))
    for item in [repository.item_of(order, item_id) for item_id in item_ids]:
        if item.id not in open_item_ids:
            message = f"Line {item.line_id} of {order.number} was not handed to fulfillment; keep it."
            raise ItemNotAtFulfillment(message, line_id=item.line_id)
