"""How the settle of a story with outside calls begins: the order's row is locked, then the row of the call."""

from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.repository import Part


class RowOfOrder(Protocol):
    id: UUID
    order_id: UUID


Row = TypeVar("Row", bound=RowOfOrder)


def lock_row(session: Session, actor: Actor, row: Row, *parts: Part) -> tuple[Order, Row]:
    """The order and the row as they stand now. Another worker may have settled the row meanwhile."""
    order = repository.get_for_update(session, actor, row.order_id, *parts)
    return order, session.get_one(type(row), row.id, with_for_update=True, populate_existing=True)
