from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from order_api.access.actor import Actor
from order_api.core.database import same_key
from order_api.core.keys import compared
from order_api.orders.errors import ItemNotFound, OrderNotFound
from order_api.orders.models import Order, OrderItem

Part = InstrumentedAttribute[Any]
PARTS: tuple[Part, ...] = (
    Order.ship_groups,
    Order.items,
    Order.charges,
    Order.discounts,
    Order.taxes,
    Order.tenders,
)


def get(session: Session, actor: Actor, order_id: UUID) -> Order:
    """The whole order. Raises OrderNotFound for an order that the actor may not see."""
    return get_with(session, actor, order_id, *PARTS)


def get_with(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """The order with only the parts named."""
    order = session.scalar(_seen_by(actor, _by_id(parts)), {"order_id": order_id})
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    return order


@cache
def _by_id(parts: tuple[Part, ...]) -> Select[Order]:
    """Built once per set of parts, because workers query dozens of times a second."""
    return select(Order).where(Order.id == bindparam("order_id")).options(*(selectinload(part) for part in parts))


@cache
def _locked_by_id(parts: tuple[Part, ...]) -> Select[Order]:
    return _by_id(parts).with_for_update(of=Order).execution_options(populate_existing=True)


def get_for_update(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """Locks the order row, before any other row of the order, so stories cannot deadlock. Loads only the named parts,
    for example `Order.items`."""
    order = session.scalar(_seen_by(actor, _locked_by_id(parts)), {"order_id": order_id})
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    return order


def order_id_of_item(session: Session, actor: Actor, item_id: UUID) -> UUID:
    query = visible(actor).join(OrderItem).where(OrderItem.id == item_id).with_only_columns(Order.id)
    order_id = session.scalar(query)
    if order_id is None:
        raise ItemNotFound(f"There is no item {item_id}.")
    return order_id


def get_item(session: Session, order: Order, item_id: UUID) -> OrderItem:
    """Loads one item of the order without the hundreds of others. The caller has locked the order."""
    query = select(OrderItem).where(OrderItem.id == item_id, OrderItem.order_id == order.id)
    item = session.scalar(query.execution_options(populate_existing=True))
    if item is None:
        raise ItemNotFound(f"The order {order.number} has no item {item_id}.")
    return item


def item_of(order: Order, item_id: UUID) -> OrderItem:
    """One item of an order whose items are loaded."""
    for item in order.items:
        if item.id == item_id:
            return item
    raise ItemNotFound(f"The order {order.number} has no item {item_id}.")


class ItemsByLine(dict[str, OrderItem]):
    """The items of an order by the channel's own line ids. An unknown id raises ItemNotFound."""

    def __init__(self, order: Order) -> None:
        super().__init__((compared(item.line_id), item) for item in order.items)
        self._number = order.number

    def __missing__(self, line_id: str) -> OrderItem:
        if (key := compared(line_id)) in self:
            return self[key]
        raise ItemNotFound(f"The order {self._number} has no line {line_id}.", line_id=line_id)


def find_by_external_id(session: Session, collection_id: UUID, channel: str, external_id: str) -> Order:
    query = select(Order).where(Order.collection_id == collection_id, Order.channel == channel)
    return session.scalars(query.where(same_key(Order.external_id, external_id))).one()


def visible(actor: Actor) -> Select[Order]:
    """The orders that the actor may see: those of its collections or, for the key of a channel, only that channel's."""
    return _seen_by(actor, select(Order))


def _seen_by(actor: Actor, query: Select[Order]) -> Select[Order]:
    if actor.collections is not None:
        query = query.where(Order.collection_id.in_(actor.collections))
    return query if actor.channel is None else query.where(Order.channel == actor.channel)
