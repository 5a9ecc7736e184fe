"""Hand the open units of an item to fulfillment."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import act_once
from order_api.integrations.fulfillment.port import FulfillmentAnswer, FulfillmentRequest
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.act import get_for_act
from order_api.orders.models import Order, OrderItem, ShipGroup
from order_api.outbox import announce
from order_api.shipments.models import OPEN, FulfillmentOrder, RequestStatus
from order_api.shipments.recall import recall_items


def send_to_fulfillment(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    """Repeating is safe: an item has one open request. After "unable to ship" the old one is recalled first."""
    if _is_reported_unable(actor, order_id, item_id):
        recall_items(actor, order_id, item_id)
    act_once(
        lambda session: _request(session, actor, order_id, item_id),
        perform=lambda row: vendor().send(_for_vendor(row)),
        find=lambda row: vendor().find(row.id),
        record=lambda session, row, answer: _record(session, actor, row, answer),
    )


def _is_reported_unable(actor: Actor, order_id: UUID, item_id: UUID) -> bool:
    with transaction() as session:
        return (
            repository.item_of(get_for_act(session, actor, order_id, Order.items), item_id).unable_to_ship_reason
            is not None
        )


def _request(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> FulfillmentOrder | None:
    order = get_for_act(session, actor, order_id, Order.items)
    item = repository.item_of(order, item_id)
    announce.consumed(session, Message.ITEM_UNABLE_TO_SHIP, order_id, item_id)
    item.unable_to_ship_reason = None
    query = select(FulfillmentOrder).where(FulfillmentOrder.item_id == item_id, FulfillmentOrder.status.in_(OPEN))
    row = session.scalar(query)
    if row is not None or not item.open_quantity:
        return row
    row = FulfillmentOrder(order_id=order_id, item_id=item_id, quantity=item.open_quantity)
    row.status, row.requested_at, row.is_new = RequestStatus.REQUESTED, clock.now(), True
    session.add(row)
    return row


def _for_vendor(row: FulfillmentOrder) -> FulfillmentRequest:
    with transaction() as session:
        item = session.get_one(OrderItem, row.item_id)
        method = session.get_one(ShipGroup, item.ship_group_id).method
    return FulfillmentRequest(row.id, row.order_id, row.item_id, item.sku, row.quantity, method)


def _record(session: Session, actor: Actor, requested: FulfillmentOrder, answer: FulfillmentAnswer) -> FulfillmentOrder:
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(FulfillmentOrder, requested.id, with_for_update=True, populate_existing=True)
    if row.status == RequestStatus.REQUESTED:
        row.status, row.settled_at = RequestStatus(answer), clock.now()
        details: dict[str, Any] = {"fulfillment_order_id": row.id, "units": row.quantity}
        history.record(session, order, "item.sent_to_fulfillment", actor, item_id=row.item_id, **details)
    return row
