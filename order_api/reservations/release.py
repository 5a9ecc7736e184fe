"""Give back what was held and leave the line. Repeating is safe; a hold still under way comes to nothing."""

from uuid import UUID

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.wait import wait_is_over
from order_api.reservations import repository as reservations
from order_api.reservations.models import Reservation
from order_api.reservations.status import ReservationStatus
from order_api.words.events import Event


def release_items(actor: Actor, order_id: UUID, item_id: UUID | None = None) -> None:
    """Releases every open reservation of the item, or of the whole order when `item_id` is None."""
    with transaction() as session:
        order = repository.get_with(session, actor, order_id, Order.items)
        if item_id is not None:
            repository.item_of(order, item_id)
        shipped = {item.id: item.shipped_quantity for item in order.items}
        rows = [r for r in reservations.of_order(session, order_id) if r.is_open and item_id in (None, r.item_id)]
    for row in rows:
        reservations.inventory().release(row.id, row.sku, shipped[row.item_id])
        _record(actor, row)


def _record(actor: Actor, released: Reservation) -> None:
    with transaction() as session:
        order = repository.get_for_update(session, actor, released.order_id)
        row = session.get_one(Reservation, released.id, with_for_update=True, populate_existing=True)
        wait_is_over(session, actor, order, row.item_id, Event.ITEM_STOCK_ALLOCATED)
        if row.is_open:
            row.status, row.settled_at = ReservationStatus.RELEASED, clock.now()
            history.record(session, order, Event.ITEM_RESERVATION_RELEASED, actor, item_id=row.item_id)
