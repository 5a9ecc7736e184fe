"""Hand the open units of an item to fulfillment."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import settle
from order_api.integrations.fulfillment.port import FulfillmentAnswer, FulfillmentRequest
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.act import get_for_act
from order_api.orders.models import Order, OrderItem
from order_api.outbox import announce
from order_api.shipments.models import OPEN, FulfillmentOrder, RequestStatus
from order_api.shipments.recall import recall_items


def send_to_fulfillment(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    """Repeating is safe: an item has one open request. After "unable to ship" the old one is recalled first."""
    if _is_reported_unable(item_id):
        recall_items(actor, order_id, item_id)
    with transaction() as session:
        order = get_for_act(session, actor, order_id, Order.items, Order.ship_groups)
        item = repository.item_of(order, item_id)
        requested = _request(session, order, item)
    if requested is not None:
        settle(
            requested,
            perform=lambda row: vendor().send(_for_vendor(order, item, row)),
            find=lambda row: vendor().find(row.id),
            record=lambda session, row, answer: _record(session, actor, row, answer),
        )


def _is_reported_unable(item_id: UUID) -> bool:
    with transaction() as session:
        return session.scalar(select(OrderItem.unable_to_ship_reason).where(OrderItem.id == item_id)) is not None


def _request(session: Session, order: Order, item: OrderItem) -> FulfillmentOrder | None:
    announce.consumed(session, Message.ITEM_UNABLE_TO_SHIP, order.id, item.id)
    item.unable_to_ship_reason = None
    query = select(FulfillmentOrder).where(FulfillmentOrder.item_id == item.id, FulfillmentOrder.status.in_(OPEN))
    row = session.scalar(query)
    if row is not None or not item.open_quantity:
        return row
    row = FulfillmentOrder(order_id=order.id, item_id=item.id, quantity=item.open_quantity)
    row.status, row.requested_at, row.is_new = RequestStatus.REQUESTED, clock.now(), True
    session.add(row)
    return row


def _for_vendor(order: Order, item: OrderItem, row: FulfillmentOrder) -> FulfillmentRequest:
    method = next(group.method for group in order.ship_groups if group.id == item.ship_group_id)
    return FulfillmentRequest(row.id, order.id, item.id, item.sku, row.quantity, method)


def _record(session: Session, actor: Actor, requested: FulfillmentOrder, answer: FulfillmentAnswer) -> FulfillmentOrder:
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(FulfillmentOrder, requested.id, with_for_update=True, populate_existing=True)
    if row.status == RequestStatus.REQUESTED:
        row.status, row.settled_at = RequestStatus(answer), clock.now()
        details: dict[str, Any] = {"fulfillment_order_id": row.id, "units": row.quantity}
        history.record(session, order, "item.sent_to_fulfillment", actor, item_id=row.item_id, **details)
    return row
