from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.orders.models import Order, OrderItem
from order_api.orders.status import may_follow
from order_api.words import Category
from order_api.words.events import Event


def set_status(
    session: Session, order: Order, owner: Order | OrderItem, status: str, category: Category, actor: Actor
) -> None:
    """Sets the status of the order or of one item of it, with a row of the history. A change that `may_follow` forbids
    is ignored. The caller has locked the order."""
    before = owner.status
    if before == status or not may_follow(Category(owner.status_category), category):
        return
    owner.status, owner.status_category = status, category
    item_id = owner.id if isinstance(owner, OrderItem) else None
    event = Event.ITEM_STATUS_CHANGED if item_id else Event.ORDER_STATUS_CHANGED
    history.record(session, order, event, actor, item_id=item_id, before=before, after=status)
