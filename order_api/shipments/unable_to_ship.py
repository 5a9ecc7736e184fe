"""A warehouse or store says that an item cannot leave; a person decides what then."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.orders import history, repository
from order_api.orders.act import get_for_act
from order_api.orders.errors import UnitsNotOpen
from order_api.orders.item import OrderItem
from order_api.orders.models import Order
from order_api.outbox import announce
from order_api.shipments.at_fulfillment import refuse_unsent


def report_unable_to_ship(session: Session, actor: Actor, item_id: UUID, reason: str) -> OrderItem:
    """Repeating changes nothing while the report is open."""
    order = get_for_act(session, actor, repository.order_of_item(session, actor, item_id), Order.items)
    item = repository.item_of(order, item_id)
    if item.unable_to_ship_reason is not None:
        return item
    if not item.open_quantity:
        raise UnitsNotOpen(f"{item.sku}: every unit has shipped or was canceled.", shippable=0)
    refuse_unsent(session, order, [item.id])
    item.unable_to_ship_reason = reason
    history.record(session, order, "item.unable_to_ship", actor, item_id=item.id, reason=reason)
    announce.correlate(session, Message.ITEM_UNABLE_TO_SHIP, order.id, item.id)
    return item
