from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.stores.models import OrderCollection, Store


def find_collection(session: Session, key: str, visible_to: frozenset[UUID] | None) -> OrderCollection | None:
    """None if no collection has this key or it is not in `visible_to` (None means all)."""
    query = select(OrderCollection).where(OrderCollection.key == key)
    if visible_to is not None:
        query = query.where(OrderCollection.id.in_(visible_to))
    return session.scalar(query)


def store_keys(session: Session, collection_id: UUID, among: set[str]) -> set[str]:
    """The keys in `among` that are stores of the collection."""
    if not among:
        return set()
    return set(session.scalars(select(Store.key).where(Store.collection_id == collection_id, Store.key.in_(among))))


def stores_of(session: Session, collection_id: UUID, keys: frozenset[str] | None) -> list[Store]:
    """The stores of the collection by name; None in `keys` means all."""
    query = select(Store).where(Store.collection_id == collection_id).order_by(Store.name)
    return list(session.scalars(query if keys is None else query.where(Store.key.in_(keys))))
