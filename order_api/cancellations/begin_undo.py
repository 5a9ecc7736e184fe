"""Begins the undo of an order: recalls its goods, withdraws its fraud score, cancels its open units (J5)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.record_cancellation import all_open, record_cancellation
from order_api.core.outside import Story
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.progress.undo import mark_undo_begun
from order_api.progress.wait import end_item_waits, end_wait
from order_api.shipments.recall import RecallCall, next_recall, too_late
from order_api.words.events import Event


@dataclass
class BeginUndo(Story):
    """Repeating is safe. Answers TooLate when goods have left, by our own records or by the warehouse's answer."""

    actor: Actor
    order_id: UUID

    def ask(self, session: Session) -> RecallCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        end_wait(session, self.actor, order, None, Event.ORDER_CANCEL_REQUESTED)
        mark_undo_begun(session, self.actor, order)
        withdraw_screening(session, order)
        return next_recall(session, self.actor, order)

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items)
        end_item_waits(session, self.actor, order)
        record_cancellation(session, self.actor, order, all_open(order.items))
        self.refusal = too_late(session, order)
