"""Begins the undo of an order: recalls its goods, withdraws its fraud score, cancels its open units (J5)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.cancellations.give_up_item import cancel_open_items
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.progress.undo import mark_undo_begun
from order_api.progress.wait import end_wait
from order_api.shipments.models import FulfillmentRequestRow
from order_api.shipments.recall import RecallItems, too_late
from order_api.words.events import Event


@dataclass
class BeginUndo(RecallItems):
    """Repeating is safe. Answers TooLate when goods have left, by our own records or by the warehouse's answer."""

    item_id: UUID | None = None

    def ask(self, session: Session) -> FulfillmentRequestRow | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items)
        end_wait(session, self.actor, order, None, Event.ORDER_CANCEL_REQUESTED)
        mark_undo_begun(session, self.actor, order)
        withdraw_screening(session, order)
        if (row := super().ask(session)) is not None:
            return row
        cancel_open_items(session, self.actor, order)
        self.refusal = too_late(session, order)
        return None
