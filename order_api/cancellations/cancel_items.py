"""The flow cancels the open units of one item or of all items, and releases their stock."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.record_cancellation import all_open, record_cancellation
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.progress.wait import end_wait
from order_api.reservations.release import release_items
from order_api.shipments.recall import RecallCall, next_recall


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
        end_wait(session, self.actor, order, self.item_id)
        record_cancellation(session, self.actor, order, all_open(items))
        release_items(session, self.actor, order.id, self.item_id)
        self.has_shipped = any(item.shipped_quantity for item in items)
