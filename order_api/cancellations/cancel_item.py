"""The flow cancels an item: recalls it, cancels its open units and releases their stock."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.cancellations.record_cancellation import all_open, record_cancellation
from order_api.core.outside import Story
from order_api.orders import repository
from order_api.orders.errors import UnitsShipped
from order_api.progress.wait import end_wait
from order_api.reservations.release import release_items
from order_api.shipments.recall import RecallCall, next_recall


@dataclass
class CancelItem(Story):
    """Repeating is safe: nothing is left to cancel. Answers UnitsShipped when some units have left; the flow captures
    and tracks those. They may have arrived already while the others were open."""

    actor: Actor
    order_id: UUID
    item_id: UUID

    def ask(self, session: Session) -> RecallCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        return next_recall(session, self.actor, order, self.item_id)

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        item = repository.get_item(session, order, self.item_id)
        end_wait(session, self.actor, order, item.id)
        record_cancellation(session, self.actor, order, all_open([item]))
        release_items(session, self.actor, order.id, item.id)
        if item.shipped_quantity:
            self.refusal = UnitsShipped(f"{item.sku}: {item.shipped_quantity} units had left.")
