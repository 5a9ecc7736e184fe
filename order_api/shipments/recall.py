"""Recalls goods from fulfillment. Goods that have already left are recorded as shipped (J5)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import RecordedCall, Story
from order_api.integrations.fulfillment.port import Recall
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.outside_rows import settle_row
from order_api.shipments.errors import TooLate
from order_api.shipments.models import OPEN, FulfillmentRequestRow, RequestStatus
from order_api.shipments.repository import requests_of
from order_api.shipments.ship import ship_parcel
from order_api.words.events import Event

RECALLED = {RequestStatus.CANCELED: Event.ITEM_RECALLED, RequestStatus.TOO_LATE: Event.ITEM_RECALL_TOO_LATE}


@dataclass
class RecallCall(RecordedCall[Recall]):
    """Calls back the goods of a request. Needs no `find`, because a repeated recall gives the same answer."""

    actor: Actor
    row: FulfillmentRequestRow

    @property
    def system(self) -> str:
        return f"the vendor of {self.row.location}"

    def make(self) -> Recall:
        return vendor(self.row.location).recall(self.row.id)

    def settle(self, session: Session, reply: Recall) -> None:
        status = RequestStatus.CANCELED if reply.parcel is None else RequestStatus.TOO_LATE
        settled = settle_row(session, self.actor, self.row, status, OPEN)
        if settled is None:
            return
        row = settled.row
        details = {"fulfillment_request_id": row.id}
        history.record(session, settled.order, RECALLED[row.status], self.actor, item_id=row.item_id, details=details)
        if (sent := reply.parcel) is not None:
            parcel = {"carrier": sent.carrier, "tracking_number": sent.tracking_number}
            ship_parcel(session, self.actor, row.order_id, sent.quantities, recall_was_too_late=True, **parcel)


@dataclass
class RecallGoods(Story):
    """Recalls what is at fulfillment for the item (None: for the order). Repeating is safe: a request is recalled once.

    Answers TooLate if goods have left, according to our records or to the warehouse.
    """

    actor: Actor
    order_id: UUID
    item_id: UUID | None

    def ask(self, session: Session) -> RecallCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        if self.item_id is not None:
            repository.get_item(session, order, self.item_id)
        return next_recall(session, self.actor, order, self.item_id)

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items)
        self.refusal = _too_late(session, order, self.item_id)


def next_recall(session: Session, actor: Actor, order: Order, item_id: UUID | None = None) -> RecallCall | None:
    """The next open request of the item (None: of the order) to recall; None when none is open.

    The caller has locked the order.
    """
    rows = requests_of(session, order.id)
    row = next((row for row in rows if row.status in OPEN and item_id in (None, row.item_id)), None)
    return None if row is None else RecallCall(actor, row)


def _too_late(session: Session, order: Order, item_id: UUID | None) -> TooLate | None:
    rows = [row for row in requests_of(session, order.id) if item_id in (None, row.item_id)]
    has_shipped = any(item.shipped_quantity for item in order.items if item_id in (None, item.id))
    if has_shipped or any(row.status == RequestStatus.TOO_LATE for row in rows):
        return TooLate("Goods had left before they could be recalled.")
    return None
