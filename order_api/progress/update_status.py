"""Sets a status that a model names, once per (task, phase), so a late or repeated run of a task does not revert it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.roll_up import SENT
from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES, category_of
from order_api.progress.catching_up import Place, pass_place
from order_api.progress.follow_items import follow_items
from order_api.progress.once import claim_effect_once
from order_api.progress.set_status import set_status
from order_api.words import Category


@dataclass(frozen=True)
class StatusChange:
    """The statuses that a task's extension properties name.

    Without an `item_id` the item status applies to all items; a status of category canceled skips items with shipped
    units. A change that `may_follow` forbids is ignored.
    """

    task_id: str
    place: Place
    order_status: str | None = None
    item_status: str | None = None
    item_id: UUID | None = None
    category: str | None = None


def update_status(session: Session, actor: Actor, order_id: UUID, change: StatusChange) -> None:
    parts = (Order.items,) if change.item_status and change.item_id is None else ()
    order = repository.get_for_update(session, actor, order_id, *parts)
    about_id, place = change.item_id or order.id, change.place
    if not claim_effect_once(session, change.task_id, place.phase) or not pass_place(session, about_id, place):
        return
    if change.order_status:
        category = category_of(change.order_status, ORDER_STATUSES, change.category)
        set_status(session, order, order, change.order_status, category, actor)
    if change.item_status:
        category = category_of(change.item_status, ITEM_STATUSES, change.category)
        for item in order.items if change.item_id is None else [repository.get_item(session, order, change.item_id)]:
            if change.item_id is not None or category != Category.CANCELED or not item.shipped_quantity:
                set_status(session, order, item, change.item_status, category, actor)
        if change.item_status == SENT and order.milestone is None:
            follow_items(session, actor, order)
