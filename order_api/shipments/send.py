"""Hand the open units of an item to fulfillment."""

from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import Story
from order_api.integrations.fulfillment.port import (
    Destination,
    FulfillmentAnswer,
    FulfillmentRequest,
    Recall,
    RequestedItem,
)
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.progress.lock import lock_for_act
from order_api.progress.outside_rows import settle_row
from order_api.progress.wait import end_wait
from order_api.shipments.models import OPEN, FulfillmentRequestRow, RequestStatus
from order_api.shipments.recall import record_recall
from order_api.words.events import Event


@dataclass
class SendToFulfillment(Story[FulfillmentRequestRow, FulfillmentAnswer | Recall]):
    """Repeating is safe: an item has one open request, and a task makes one.

    Another task is a new try. After "unable to ship" it first recalls what the earlier task asked for and closes the
    report; `ask` answers with the row of the earlier task then, and with its own row afterwards.
    """

    actor: Actor
    order_id: UUID
    item_id: UUID
    task_id: str
    requests: dict[UUID, FulfillmentRequest] = field(default_factory=dict)

    def ask(self, session: Session) -> FulfillmentRequestRow | None:
        order = lock_for_act(session, self.actor, self.order_id, Order.ship_groups)
        item = repository.get_item(session, order, self.item_id)
        rows = requests_of_item(session, item.id)
        row = next((row for row in rows if row.task_id == self.task_id), None)
        open_row = next((row for row in rows if row.status in OPEN), None)
        if row is None and open_row is not None and item.unable_to_ship_reason is not None:
            return open_row
        row = row or self._request(session, order, item, open_row)
        if row is None or row.status != RequestStatus.REQUESTED:
            return None
        self.requests[row.id] = _for_vendor(order, item, row)
        return row

    def find(self, row: FulfillmentRequestRow) -> FulfillmentAnswer | None:
        """Recalling again is as good as asking what became of it."""
        return None if self._is_recalled(row) else vendor(row.location).find(row.id)

    def call(self, row: FulfillmentRequestRow) -> FulfillmentAnswer | Recall:
        chosen = vendor(row.location)
        return chosen.cancel(row.id) if self._is_recalled(row) else chosen.send(self.requests[row.id])

    def is_last(self, row: FulfillmentRequestRow, reply: FulfillmentAnswer | Recall) -> bool:
        return not self._is_recalled(row)

    def _is_recalled(self, row: FulfillmentRequestRow) -> bool:
        return row.task_id != self.task_id

    def settle(self, session: Session, row: FulfillmentRequestRow, reply: FulfillmentAnswer | Recall) -> None:
        if isinstance(reply, Recall):
            record_recall(session, self.actor, row, reply)
        else:
            _record(session, self.actor, row, reply)

    def _request(
        self, session: Session, order: Order, item: OrderItem, row: FulfillmentRequestRow | None
    ) -> FulfillmentRequestRow | None:
        end_wait(session, self.actor, order, item.id, Event.ITEM_UNABLE_TO_SHIP)
        item.unable_to_ship_reason = None
        if row is None and item.open_quantity:
            row = FulfillmentRequestRow(id=uuid4(), order_id=order.id, item_id=item.id, quantity=item.open_quantity)
            row.status, row.requested_at, row.is_new = RequestStatus.REQUESTED, clock.now(), True
            session.add(row)
        if row is not None:
            row.task_id = self.task_id
        return row


def requests_of_item(session: Session, item_id: UUID) -> list[FulfillmentRequestRow]:
    return list(session.scalars(select(FulfillmentRequestRow).where(FulfillmentRequestRow.item_id == item_id)))


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
        items=(RequestedItem(item.id, item.sku, item.name, row.quantity),),
    )


def _destination(address: dict[str, Any]) -> Destination:
    names = {each.name for each in fields(Destination)}
    return Destination(**{name: value for name, value in address.items() if name in names})


def _record(session: Session, actor: Actor, requested: FulfillmentRequestRow, answer: FulfillmentAnswer) -> None:
    settled = settle_row(session, actor, requested, RequestStatus(answer), {RequestStatus.REQUESTED})
    if settled is None:
        return
    row = settled.row
    details: dict[str, Any] = {"fulfillment_request_id": row.id, "units": row.quantity}
    history.record(session, settled.order, Event.ITEM_SENT_TO_FULFILLMENT, actor, item_id=row.item_id, **details)
