"""The flow gives up what is still open of an item: those units are canceled, the highest first (R4)."""

from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.errors import UnitsShipped
from order_api.orders.models import Order
from order_api.orders.models.item import OrderItem
from order_api.orders.units import cancel_open_units
from order_api.outbox import announce
from order_api.progress.overdue import end_wait


def cancel_item(actor: Actor, order_id: UUID, item_id: UUID) -> OrderItem:
    """Repeating is safe: nothing is left to cancel. What had left may have arrived while the rest was open."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.items)
        item = repository.item_of(order, item_id)
        end_wait(session, actor, order, item_id)
        if _cancel(session, order, [item], actor) and item.has_arrived:
            announce.correlate(session, Message.ITEM_DELIVERED, order.id, item.id)
        return item


def cancel_open_items(actor: Actor, order_id: UUID) -> None:
    """The whole order is being undone, so the flows of its items have ended."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.items)
        announce.consumed_all(session, order_id)
        end_wait(session, actor, order, None)
        _cancel(session, order, order.items, actor)


def refuse_shipped(item: OrderItem) -> None:
    """Raises UnitsShipped when some units left before the rest was canceled: they are captured and followed."""
    if item.shipped_quantity:
        raise UnitsShipped(f"{item.sku}: {item.shipped_quantity} units had left.")


def _cancel(session: Session, order: Order, items: list[OrderItem], actor: Actor) -> dict[UUID, int]:
    cancellation_id = uuid4()
    canceled = cancel_open_units(session, items, cancellation_id)
    for item_id, units in canceled.items():
        history.record(
            session, order, "item.canceled", actor, item_id=item_id, units=units, cancellation_id=cancellation_id
        )
    return canceled
