"""Places an order for a channel: proves it, stores it with its history and requests its process, in one transaction."""

from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.links import api_address
from order_api.orders.models import Order
from order_api.orders.note import add_note
from order_api.placement.build import build_order
from order_api.placement.check import check_content
from order_api.placement.errors import (
    ChannelNotAllowed,
    CollectionNotFound,
    OrderAlreadyPlaced,
    OrderDoesNotAddUp,
    StoreNotFound,
)
from order_api.placement.number import draw_number
from order_api.progress.models import SubjectProcess
from order_api.progress.request_order_process import request_order_process
from order_api.proof.priced_order import PricedOrder
from order_api.proof.prove import differences
from order_api.proof.read_prices import PriceReader
from order_api.proof.split import Split, split
from order_api.stores.models import OrderCollection
from order_api.stores.properties import CollectionProperties
from order_api.stores.repository import find_collection, store_keys
from order_api.words.events import Event

UNIQUE_EXTERNAL_ID = "uq_orders_external_id"


class PlacedOrder(NamedTuple):
    order: Order
    process: SubjectProcess


def place_order(session: Session, actor: Actor, body: dict[str, Any]) -> PlacedOrder:
    collection = _collection(session, actor, body)
    properties = collection.properties
    check_content(body, properties)
    _refuse_unknown_stores(session, collection, body)
    priced, shared = _proven(body, properties)

    order = build_order(body, priced, shared, collection=collection, number=draw_number(session, properties))
    order.placed_at = order.updated_at = clock.now()
    _store(session, actor, order, body)
    return PlacedOrder(order, request_order_process(session, order, properties))


def _collection(session: Session, actor: Actor, body: dict[str, Any]) -> OrderCollection:
    collection = find_collection(session, body["collection"], actor.collections)
    if collection is None:
        raise CollectionNotFound(f"There is no collection {body['collection']!r} for this credential.")
    if actor.channel is not None and actor.channel != body["channel"]:
        raise ChannelNotAllowed(f"This API key may place orders only for the channel {actor.channel!r}.")
    return collection


def _refuse_unknown_stores(session: Session, collection: OrderCollection, body: dict[str, Any]) -> None:
    groups = enumerate(body["ship_groups"])
    named = {"store": body.get("store")} | {f"ship_groups.{i}.store": group.get("store") for i, group in groups}
    existing = store_keys(session, collection.id, {store for store in named.values() if store is not None})
    unknown = {field: store for field, store in named.items() if store is not None and store not in existing}
    if unknown:
        errors = [{"field": field, "sent": store} for field, store in unknown.items()]
        raise StoreNotFound(f"The collection has no store {errors[0]['sent']!r}.", errors=errors)


def _proven(body: dict[str, Any], properties: CollectionProperties) -> tuple[PricedOrder, Split]:
    priced = PriceReader(body["currency"]).order(body)
    shared = split(priced, properties.tolerance)
    wrong = differences(priced, shared)
    if wrong:
        detail = f"{len(wrong)} difference(s), the first at {wrong[0].field}: {wrong[0].message}"
        raise OrderDoesNotAddUp(detail, errors=[vars(difference) for difference in wrong])
    return priced, shared


def _store(session: Session, actor: Actor, order: Order, body: dict[str, Any]) -> None:
    """The unique index picks the first of several requests; the savepoint lets the others look up the stored order."""
    try:
        with session.begin_nested():
            session.add(order)
            history.record(session, order, Event.ORDER_PLACED, actor, after=order.status)
            if "note" in body:
                add_note(session, order, actor, body["note"])
    except IntegrityError as error:
        if UNIQUE_EXTERNAL_ID not in str(error.orig):
            raise
        raise _already_placed(session, order) from None


def _already_placed(session: Session, order: Order) -> OrderAlreadyPlaced:
    earlier = repository.find_by_external_id(session, order.collection_id, order.channel, order.external_id)
    location = api_address(earlier.id)
    refusal = OrderAlreadyPlaced(f"{earlier.channel} has placed {earlier.external_id!r} before.", location=location)
    refusal.headers["Location"] = location
    return refusal
