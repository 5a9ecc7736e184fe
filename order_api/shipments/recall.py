"""Recalls goods from fulfillment. Goods that have already left are recorded as shipped (J5)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import Story
from order_api.integrations.fulfillment.port import Recall
from order_api.integrations.fulfillment.registry import vendor
from order_api.orders import history
from order_api.orders.models import Order
from order_api.progress.outside_rows import settle_row
from order_api.shipments.errors import TooLate
from order_api.shipments.models import OPEN, FulfillmentRequestRow, RequestStatus
from order_api.shipments.ship import ship_parcel
from order_api.words.events import Event

RECALLED = {RequestStatus.CANCELED: Event.ITEM_RECALLED, RequestStatus.TOO_LATE: Event.ITEM_RECALL_TOO_LATE}


@dataclass
class RecallItems(Story[FulfillmentRequestRow, Recall]):
    """Recalls the open requests of the item (None: of the order). Repeating is safe: the vendor answers the same."""

    actor: Actor
    order_id: UUID
    item_id: UUID | None

    def ask(self, session: Session) -> FulfillmentRequestRow | None:
        rows = requests_of(session, self.order_id)
        return next((row for row in rows if row.status in OPEN and self.item_id in (None, row.item_id)), None)

    def find(self, row: FulfillmentRequestRow) -> Recall | None:
        """Recalling again gives the same answer as a look-up, so `call` repeats it."""
        return None

    def call(self, row: FulfillmentRequestRow) -> Recall:
        return vendor(row.location).cancel(row.id)

    def settle(self, session: Session, row: FulfillmentRequestRow, reply: Recall) -> None:
        record_recall(session, self.actor, row, reply)


def requests_of(session: Session, order_id: UUID) -> list[FulfillmentRequestRow]:
    """All requests of the order, oldest first."""
    query = select(FulfillmentRequestRow).where(FulfillmentRequestRow.order_id == order_id)
    return list(session.scalars(query.order_by(FulfillmentRequestRow.requested_at, FulfillmentRequestRow.id)))


def too_late(session: Session, order: Order) -> TooLate | None:
    """TooLate if goods of the order left before they were recalled. The order's items are loaded."""
    rows = requests_of(session, order.id)
    if order.has_shipped or any(row.status == RequestStatus.TOO_LATE for row in rows):
        return TooLate("Goods had left before they could be recalled.")
    return None


def record_recall(session: Session, actor: Actor, recalled: FulfillmentRequestRow, recall: Recall) -> None:
    settled = settle_row(session, actor, recalled, RequestStatus(recall.answer), OPEN)
    if settled is None:
        return
    row = settled.row
    details: dict[str, Any] = {"fulfillment_request_id": row.id}
    history.record(session, settled.order, RECALLED[row.status], actor, item_id=row.item_id, **details)
    if (sent := recall.parcel) is not None:
        parcel = {"carrier": sent.carrier, "tracking_number": sent.tracking_number}
        ship_parcel(session, actor, row.order_id, sent.quantities, recalled=True, **parcel)
