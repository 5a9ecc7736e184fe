"""The flow cancels the open units of one item or of all items, and releases their stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.recalls import settle_recalls
from order_api.cancellations.record_cancellation import carry_out_cancellation, new_cancellation
from order_api.core.outside import Story
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.orders.unit_ledger import ledger_of
from order_api.orders.units import quantities_of
from order_api.payments.hold import let_items_go
from order_api.progress.wait import end_wait
from order_api.proof.worth import gross_by_item
from order_api.reservations.release import release_items
from order_api.shipments.recall import RecallCall, next_recall
from order_api.words.events import Event

ENDED = (
    Event.ITEM_SHIPPED,
    Event.ITEM_STOCK_ALLOCATED,
    Event.ITEM_UNABLE_TO_SHIP,
    Event.PAYMENT_METHOD_REPLACED,
)
"""The facts that the flow of an item need not wait for any more."""


@dataclass
class CancelItems(Story):
    """Cancels the item's open units (`item_id` None: those of all items), after recalling them from fulfillment.

    Repeating is safe: nothing is left to cancel. `has_shipped` is true if units have left; the flow tracks those.
    """

    actor: Actor
    order_id: UUID
    item_id: UUID | None
    has_shipped: bool = False

    def ask(self, session: Session) -> RecallCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        return next_recall(session, self.actor, order, self.item_id)

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items)
        items = order.items if self.item_id is None else [repository.item_of(order, self.item_id)]
        end_wait(session, self.actor, order, self.item_id, *([] if self.item_id is None else ENDED))
        self._cancel(session, order, items)
        for item in items:
            item.awaits_payment_since = None
        let_items_go(session, order)
        settle_recalls(session, items)
        release_items(session, self.actor, order.id, self.item_id)
        self.has_shipped = any(item.shipped_quantity for item in items)

    def _cancel(self, session: Session, order: Order, items: Sequence[OrderItem]) -> None:
        """One cancellation, and one history row per item."""
        ledger = ledger_of(session, items)
        units = [(item, some) for item in items for some in ledger.lines[item.id].with_fate(None)]
        if not units:
            return
        cancellation_id = new_cancellation(session, self.actor.id, order).id
        worth = carry_out_cancellation(session, self.actor, order, cancellation_id, units)
        amounts = gross_by_item(worth)
        for item, quantity in quantities_of(units).items():
            flows = [item.id] if item.has_arrived else []
            details = {"units": quantity, "amount": -amounts[item.id], "cancellation_id": cancellation_id}
            event = Event.ITEM_CANCELED
            history.record(session, order, event, self.actor, item_id=item.id, flows=flows, details=details)
