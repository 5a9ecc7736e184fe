"""The flow gives up the open units of an item: cancels them, highest first (R4), and releases their stock."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history, repository
from order_api.orders.errors import UnitsShipped
from order_api.orders.models import Order, OrderItem
from order_api.orders.units import cancel_open_units
from order_api.progress.wait import end_item_waits, end_wait
from order_api.reservations.release import release_items
from order_api.shipments.models import FulfillmentRequestRow
from order_api.shipments.recall import RecallItems
from order_api.words.events import Event


@dataclass
class GiveUpItem(RecallItems):
    """Repeating is safe: nothing is left to cancel. Answers UnitsShipped when some units have left; the flow captures
    and tracks those. They may have arrived already while the others were open."""

    item_id: UUID

    def ask(self, session: Session) -> FulfillmentRequestRow | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items)
        if (row := super().ask(session)) is not None:
            return row
        item = repository.item_of(order, self.item_id)
        end_wait(session, self.actor, order, item.id)
        _cancel(session, order, [item], self.actor)
        release_items(session, self.actor, order.id, item.id)
        if item.shipped_quantity:
            self.refusal = UnitsShipped(f"{item.sku}: {item.shipped_quantity} units had left.")
        return None


def cancel_open_items(session: Session, actor: Actor, order: Order) -> None:
    """Cancels the open units of the whole order. The caller has locked the order and loaded its items, and the flows of
    the items have ended."""
    end_item_waits(session, actor, order)
    _cancel(session, order, order.items, actor)


def _cancel(session: Session, order: Order, items: list[OrderItem], actor: Actor) -> None:
    cancellation_id = uuid4()
    canceled = cancel_open_units(session, items, cancellation_id)
    for item in (item for item in items if item.id in canceled):
        flows = [item.id] if item.has_arrived else []
        details: dict[str, Any] = {"units": canceled[item.id], "cancellation_id": cancellation_id}
        history.record(session, order, Event.ITEM_CANCELED, actor, item_id=item.id, flows=flows, **details)
