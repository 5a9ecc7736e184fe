"""Hands the open units of an item to fulfillment."""

from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import RecordedCall, Story
from order_api.integrations.fulfillment.port import (
    Destination,
    FulfillmentAnswer,
    FulfillmentRequest,
    RequestedItem,
)
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.outside_rows import settle_row
from order_api.progress.wait import end_wait
from order_api.shipments.confirm import ItemProgress
from order_api.shipments.models import OPEN, FulfillmentRequestRow, RequestStatus
from order_api.shipments.recall import RecallCall
from order_api.shipments.repository import requests_of_item
from order_api.words.events import Event

EVENTS = {
    RequestStatus.ACCEPTED: Event.ITEM_SENT_TO_FULFILLMENT,
    # The recall arrived before the request.
    RequestStatus.CANCELED: Event.ITEM_RECALLED,
}


@dataclass
class SendCall(RecordedCall[FulfillmentAnswer]):
    """Hands a request to the vendor of its location."""

    actor: Actor
    row: FulfillmentRequestRow
    request: FulfillmentRequest

    @property
    def system(self) -> str:
        return f"the vendor of {self.row.location}"

    def find(self) -> FulfillmentAnswer | None:
        return vendor(self.row.location).find(self.row.id)

    def make(self) -> FulfillmentAnswer:
        return vendor(self.row.location).send(self.request)

    def settle(self, session: Session, reply: FulfillmentAnswer) -> None:
        settled = settle_row(session, self.actor, self.row, RequestStatus(reply), {RequestStatus.REQUESTED})
        self.is_last = settled is not None
        if settled is None:
            return
        row, event = settled.row, EVENTS[settled.row.status]
        details = {"fulfillment_request_id": row.id, "units": row.quantity}
        history.record(session, settled.order, event, self.actor, item_id=row.item_id, details=details)


class SendRestCall(SendCall):
    """One of several calls of its story, which looks for the next one."""

    def settle(self, session: Session, reply: FulfillmentAnswer) -> None:
        super().settle(session, reply)
        self.is_last = False


@dataclass
class SendToFulfillment(Story):
    """Repeating is safe: an item has one open request, and a task makes one.

    `retry` means that a person decided to try again after "unable to ship": the story first recalls the open request
    and closes the report. `progress` and `is_unable` are what fulfillment has reported about the item so far.
    """

    actor: Actor
    order_id: UUID
    item_id: UUID
    task_id: str
    retry: bool
    progress: ItemProgress = field(init=False)
    is_unable: bool = False

    def ask(self, session: Session) -> SendCall | RecallCall | None:
        order = lock_for_task(session, self.actor, self.order_id, Order.ship_groups)
        item = repository.get_item(session, order, self.item_id)
        rows = requests_of_item(session, item.id)
        own = next((row for row in rows if row.task_id == self.task_id), None)
        earlier = next((row for row in rows if row.status in OPEN), None)
        if own is None and self.retry and item.unable_to_ship_reason is not None:
            if earlier is not None:
                return RecallCall(self.actor, earlier)
            end_wait(session, self.actor, order, item.id, Event.ITEM_UNABLE_TO_SHIP)
            item.unable_to_ship_reason = None
        row = own or earlier or _new_request(session, order, item, self.task_id)
        if row is None or row.status != RequestStatus.REQUESTED:
            return None
        return SendCall(self.actor, row, _for_vendor(order, item, row))

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        item = repository.get_item(session, order, self.item_id)
        self.progress = ItemProgress.of(item)
        self.is_unable = item.unable_to_ship_reason is not None and not self.progress.all_shipped


def send_rest(session: Session, actor: Actor, order: Order, item: OrderItem, task_id: str) -> SendRestCall | None:
    """The call that sends the open units of an item anew after its request was recalled; None if there is none to make.

    Repeating is safe: `task_id` makes one request. The order is locked, its ship groups are loaded.
    """
    rows = requests_of_item(session, item.id)
    row = next((row for row in rows if row.task_id == task_id), None)
    if row is None and rows and not any(row.status in OPEN for row in rows):
        row = _new_request(session, order, item, task_id)
    if row is None or row.status != RequestStatus.REQUESTED:
        return None
    return SendRestCall(actor, row, _for_vendor(order, item, row))


def _new_request(session: Session, order: Order, item: OrderItem, task_id: str) -> FulfillmentRequestRow | None:
    """None if no unit is open, or while a report "unable to ship" is open."""
    if not item.open_quantity or item.unable_to_ship_reason is not None:
        return None
    require_open(order)
    row = FulfillmentRequestRow(id=uuid4(), order_id=order.id, item_id=item.id, quantity=item.open_quantity)
    row.status, row.requested_at, row.is_new = RequestStatus.REQUESTED, clock.now(), True
    row.task_id = task_id
    session.add(row)
    return row


def _for_vendor(order: Order, item: OrderItem, row: FulfillmentRequestRow) -> FulfillmentRequest:
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
        items=(RequestedItem(item.id, item.line_id, item.sku, item.name, row.quantity),),
    )


def _destination(address: dict[str, Any]) -> Destination:
    names = {each.name for each in fields(Destination)}
    return Destination(**{name: value for name, value in address.items() if name in names})
