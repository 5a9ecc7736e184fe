"""Ask fulfillment to keep the goods. What had left already is written down as shipped (J5)."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import transaction
from order_api.integrations.fulfillment.port import Recall
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.models.item import OrderItem
from order_api.shipments.errors import TooLate
from order_api.shipments.models import OPEN, FulfillmentOrder, RequestStatus
from order_api.shipments.ship import ship_parcel


def recall_items(actor: Actor, order_id: UUID, item_id: UUID | None = None) -> None:
    """Recalls the open requests of the item (None: of the order). Repeating is safe and tells the same."""
    for row in _rows(order_id, item_id):
        if row.status in OPEN:
            _record(actor, row, vendor(row.location).cancel(row.id))


def refuse_too_late(order_id: UUID) -> None:
    """Raises TooLate when goods of the order had left, whoever told that they did."""
    with transaction() as session:
        items = select(OrderItem.id).where(OrderItem.order_id == order_id, OrderItem.shipped_quantity > 0)
        has_shipped = session.scalar(items.limit(1)) is not None
    if has_shipped or any(row.status == RequestStatus.TOO_LATE for row in _rows(order_id, None)):
        raise TooLate("Goods had left before they could be recalled.")


def _rows(order_id: UUID, item_id: UUID | None) -> list[FulfillmentOrder]:
    with transaction() as session:
        query = select(FulfillmentOrder).where(FulfillmentOrder.order_id == order_id)
        rows = session.scalars(query.order_by(FulfillmentOrder.requested_at, FulfillmentOrder.id))
        return [row for row in rows if item_id in (None, row.item_id)]


def _record(actor: Actor, recalled: FulfillmentOrder, recall: Recall) -> None:
    with transaction() as session:
        order = repository.get_for_update(session, actor, recalled.order_id)
        row = session.get_one(FulfillmentOrder, recalled.id, with_for_update=True, populate_existing=True)
        if row.status not in OPEN:
            return
        row.status, row.settled_at = RequestStatus(recall.answer), clock.now()
        details: dict[str, Any] = {"fulfillment_order_id": row.id}
        history.record(session, order, f"item.recall_{recall.answer}", actor, item_id=row.item_id, **details)
        if recall.parcel is not None:
            sent = recall.parcel
            ship_parcel(
                session,
                actor,
                row.order_id,
                sent.quantities,
                carrier=sent.carrier,
                tracking_number=sent.tracking_number,
                recalled=True,
            )
