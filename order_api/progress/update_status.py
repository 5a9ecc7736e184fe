"""Sets a status that a model names, once per (task, phase), so a late or repeated worker does not revert it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderItem
from order_api.orders.status import ITEM_STATUSES, ORDER_STATUSES, category_of, may_follow
from order_api.progress.once import claim_effect_once
from order_api.words import Category
from order_api.words.events import Event


@dataclass(frozen=True)
class StatusChange:
    """The statuses that a task's extension properties name.

    Without an `item_id` the item status applies to all items; a canceled one skips items with shipped units. A change
    that `may_follow` forbids is ignored.
    """

    task_id: str
    phase: str
    order_status: str | None = None
    item_status: str | None = None
    item_id: UUID | None = None
    category: str | None = None


def update_status(session: Session, actor: Actor, order_id: UUID, change: StatusChange) -> None:
    parts = (Order.items,) if change.item_status and change.item_id is None else ()
    order = repository.get_for_update(session, actor, order_id, *parts)
    if not claim_effect_once(session, change.task_id, change.phase):
        return
    if change.order_status:
        _set_status(
            session,
            order,
            order,
            change.order_status,
            category_of(change.order_status, ORDER_STATUSES, change.category),
            actor,
        )
    if change.item_status:
        category = category_of(change.item_status, ITEM_STATUSES, change.category)
        for item in order.items if change.item_id is None else [repository.get_item(session, order, change.item_id)]:
            if change.item_id is not None or category != Category.CANCELED or not item.shipped_quantity:
                _set_status(session, order, item, change.item_status, category, actor)


def _set_status(
    session: Session, order: Order, owner: Order | OrderItem, status: str, category: Category, actor: Actor
) -> None:
    before = owner.status
    if before == status or not may_follow(Category(owner.status_category), category):
        return
    owner.status, owner.status_category = status, category
    item_id = owner.id if isinstance(owner, OrderItem) else None
    event = Event.ITEM_STATUS_CHANGED if item_id else Event.ORDER_STATUS_CHANGED
    history.record(session, order, event, actor, item_id=item_id, before=before, after=status)
