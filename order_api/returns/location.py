"""Where goods of a return are: the warehouse, or a store of the collection."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders.models import Order
from order_api.returns.errors import invalid
from order_api.shipments.models import MAIN_LOCATION
from order_api.stores.repository import store_keys


def location_of(session: Session, actor: Actor, order: Order, named: str | None) -> str:
    """The named location; without one, the only store of a store's own staff, or the warehouse. Raises ReturnInvalid
    for a location that the collection does not have, or that is not the caller's own."""
    if actor.stores is not None:
        own = sorted(actor.stores)
        location = named or (own[0] if len(own) == 1 else None)
        if location not in actor.stores:
            raise invalid("location", f"Must be one of your stores: {', '.join(own) or 'you have none'}.")
        return location
    if named is None or named == MAIN_LOCATION:
        return MAIN_LOCATION
    if named not in store_keys(session, order.collection_id, {named}):
        raise invalid("location", f"Must be {MAIN_LOCATION} or the key of a store of the collection, not {named!r}.")
    return named
