from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload
from werkzeug.http import parse_etags

from order_api.access.actor import Actor
from order_api.orders.errors import ItemNotFound, OrderNotFound, OrderVersionOutdated
from order_api.orders.item import OrderItem
from order_api.orders.models import Order

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
    """The whole order. Another collection's or channel's order is not found, as if it did not exist."""
    return get_with(session, actor, order_id, *PARTS)


def get_with(session: Session, actor: Actor, order_id: UUID, *parts: Part) -> Order:
    """The order with only the parts named."""
    query = visible(actor).where(Order.id == order_id).options(*(selectinload(part) for part in parts))
    order = session.scalar(query)
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    return order


def get_for_update(session: Session, actor: Actor, order_id: UUID, *parts: Part, if_match: str | None = None) -> Order:
    """Locks the order row, the first of all locks, and loads only the parts named, for example `Order.items`.

    `if_match` is the header: the ETag that the caller has seen, a list of them, or `*`.
    """
    loads = [selectinload(part) for part in parts]
    query = visible(actor).where(Order.id == order_id).options(*loads).with_for_update(of=Order)
    order = session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}.")
    # A proxy that compresses an answer makes its tag a weak one; what a tag names here is the order's version.
    if if_match is not None and not parse_etags(if_match).contains_weak(str(order.version)):
        raise OrderVersionOutdated(f"The order is at version {order.version}.", version=order.version)
    return order


def require_version(session: Session, actor: Actor, order_id: UUID, if_match: str | None) -> None:
    """Refuses a writer who has read another version than today's. Locks the order, so that it stays today's."""
    if if_match is not None:
        get_for_update(session, actor, order_id, if_match=if_match)


def etag(order: Order) -> str:
    return f'"{order.version}"'


def order_of_item(session: Session, actor: Actor, item_id: UUID) -> UUID:
    query = visible(actor).join(OrderItem).where(OrderItem.id == item_id).with_only_columns(Order.id)
    order_id = session.scalar(query)
    if order_id is None:
        raise ItemNotFound(f"There is no item {item_id}.")
    return order_id


def item_of(order: Order, item_id: UUID) -> OrderItem:
    for item in order.items:
        if item.id == item_id:
            return item
    raise ItemNotFound(f"The order {order.number} has no item {item_id}.")


def find_by_external_id(session: Session, collection_id: UUID, channel: str, external_id: str) -> Order:
    query = select(Order).where(Order.collection_id == collection_id, Order.channel == channel)
    return session.scalars(query.where(Order.external_id == external_id)).one()


def visible(actor: Actor) -> Select[Order]:
    """Rights are part of the query: the collections the actor was given, and of them only its channel if it is one."""
    query = select(Order)
    if actor.collections is not None:
        query = query.where(Order.collection_id.in_(actor.collections))
    return query if actor.channel is None else query.where(Order.channel == actor.channel)
