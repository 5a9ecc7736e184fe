"""Hand the open units of an item to fulfillment."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import settle
from order_api.integrations.fulfillment.port import Destination, FulfillmentAnswer, FulfillmentRequest, RequestedItem
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.outbox import announce
from order_api.progress.lock import get_for_act
from order_api.shipments.models import OPEN, FulfillmentOrder, RequestStatus
from order_api.shipments.recall import recall_items


def send_to_fulfillment(actor: Actor, order_id: UUID, item_id: UUID, task_id: str) -> None:
    """Repeating is safe: an item has one open request, and a task makes one. Only another task is a new try after
    "unable to ship": it recalls what the earlier one asked for and closes the report."""
    if _is_to_be_recalled(item_id, task_id):
        recall_items(actor, order_id, item_id)
    with transaction() as session:
        order = get_for_act(session, actor, order_id, Order.ship_groups)
        item = repository.get_item(session, order, item_id)
        requested = _request(session, order, item, task_id)
    if requested is not None:
        settle(
            requested,
            perform=lambda row: vendor(row.location).send(_for_vendor(order, item, row)),
            find=lambda row: vendor(row.location).find(row.id),
            record=lambda session, row, answer: _record(session, actor, row, answer),
        )


def _is_to_be_recalled(item_id: UUID, task_id: str) -> bool:
    with transaction() as session:
        reported = select(OrderItem.unable_to_ship_reason).where(OrderItem.id == item_id)
        return session.scalar(reported) is not None and not _of_task(_requests(session, item_id), task_id)


def _requests(session: Session, item_id: UUID) -> list[FulfillmentOrder]:
    return list(session.scalars(select(FulfillmentOrder).where(FulfillmentOrder.item_id == item_id)))


def _of_task(rows: list[FulfillmentOrder], task_id: str) -> FulfillmentOrder | None:
    return next((row for row in rows if row.task_id == task_id), None)


def _request(session: Session, order: Order, item: OrderItem, task_id: str) -> FulfillmentOrder | None:
    rows = _requests(session, item.id)
    if (own := _of_task(rows, task_id)) is not None:
        return own
    announce.consumed(session, Message.ITEM_UNABLE_TO_SHIP, order.id, item.id)
    item.unable_to_ship_reason = None
    row = next((row for row in rows if row.status in OPEN), None)
    if row is None and item.open_quantity:
        row = FulfillmentOrder(order_id=order.id, item_id=item.id, quantity=item.open_quantity)
        row.status, row.requested_at, row.is_new = RequestStatus.REQUESTED, clock.now(), True
        session.add(row)
    if row is not None:
        row.task_id = task_id
    return row


def _for_vendor(order: Order, item: OrderItem, row: FulfillmentOrder) -> FulfillmentRequest:
    group = next(group for group in order.ship_groups if group.id == item.ship_group_id)
    address = group.address or {}
    return FulfillmentRequest(
        key=row.id,
        order_id=order.id,
        order_number=order.number,
        recipient=address.get("name") or order.customer_name,
        phone=address.get("phone") or order.customer_phone,
        destination=_destination(address) if address else None,
        method=group.method,
        items=(RequestedItem(item.id, item.sku, item.name, row.quantity),),
    )


def _destination(address: dict[str, Any]) -> Destination:
    names = {field.name for field in fields(Destination)}
    return Destination(**{name: value for name, value in address.items() if name in names})


def _record(session: Session, actor: Actor, requested: FulfillmentOrder, answer: FulfillmentAnswer) -> FulfillmentOrder:
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(FulfillmentOrder, requested.id, with_for_update=True, populate_existing=True)
    if row.status == RequestStatus.REQUESTED:
        row.status, row.settled_at = RequestStatus(answer), clock.now()
        details: dict[str, Any] = {"fulfillment_order_id": row.id, "units": row.quantity}
        history.record(session, order, "item.sent_to_fulfillment", actor, item_id=row.item_id, **details)
    return row
