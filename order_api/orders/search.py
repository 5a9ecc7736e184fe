"""Lists orders in keyset pages: by time, or for one currency by total."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from order_api.access.actor import Actor
from order_api.core import paging
from order_api.core.database import same_key
from order_api.core.paging import CursorInvalid, Page
from order_api.orders.models import Order
from order_api.orders.repository import visible

EQUAL = {
    "number": Order.number,
    "status": Order.status,
    "channel": Order.channel,
    "store": Order.store,
    "collection": Order.collection_key,
    "currency": Order.currency,
    "customer_id": Order.customer_id,
}
MAX_TOTAL = 2**63 - 1
SORTS: dict[str, InstrumentedAttribute[Any]] = {"placed_at": Order.placed_at, "total": Order.grand_total}


def search_orders(session: Session, actor: Actor, filters: dict[str, Any]) -> Page:
    """Loads the rows without their parts, so a list costs one query."""
    rows = list(session.scalars(filtered_orders(actor, filters)))
    return _page(rows, filters, _column(filters).key)


def statuses_in_use(session: Session, actor: Actor) -> set[str]:
    """Every status that an order of the actor's collections has. Steps through the index from status to status, so the
    cost does not grow with the number of orders."""
    collections = [None] if actor.collections is None else sorted(actor.collections)
    return {status for id_ in collections for status in session.scalars(_statuses_in_use(id_))}


def _statuses_in_use(collection_id: UUID | None) -> Select[str]:
    of_collection = Order.collection_id == collection_id if collection_id else true()
    first = select(func.min(Order.status).label("status")).where(of_collection)
    used = first.cte("used", recursive=True)
    next_one = select(func.min(Order.status)).where(of_collection, Order.status > used.c.status).scalar_subquery()
    used = used.union_all(select(next_one).where(used.c.status.is_not(None)))
    return select(used.c.status).where(used.c.status.is_not(None))


def filtered_orders(actor: Actor, filters: dict[str, Any]) -> Select[Order]:
    """Selects one row more than a page holds, to know whether another page follows."""
    column, descending = _column(filters), filters["sort"].startswith("-")
    query = visible(actor).where(*_filters(filters))
    if "cursor" in filters:
        seen = tuple_(*_seen(filters["cursor"], filters["sort"]))
        here = tuple_(column, Order.id)
        query = query.where(here < seen if descending else here > seen)
    order_by = (column.desc(), Order.id.desc()) if descending else (column, Order.id)
    return query.order_by(*order_by).limit(filters["limit"] + 1)


def _column(filters: dict[str, Any]) -> InstrumentedAttribute[Any]:
    return SORTS[filters["sort"].removeprefix("-")]


def _filters(filters: dict[str, Any]) -> list[Any]:
    conditions = [column == filters[name] for name, column in EQUAL.items() if name in filters]
    if "external_id" in filters:
        conditions.append(same_key(Order.external_id, filters["external_id"]))
    if "customer_email" in filters:
        conditions.append(func.lower(Order.customer_email) == filters["customer_email"].lower())
    if "placed_from" in filters:
        conditions.append(Order.placed_at >= filters["placed_from"])
    if "placed_before" in filters:
        conditions.append(Order.placed_at < filters["placed_before"])
    return conditions


def _seen(cursor: str, sort: str) -> tuple[Any, UUID]:
    of_sort, value, order_id = paging.decode(cursor, 3)
    try:
        if of_sort != sort:
            raise ValueError
        return (_total(value) if sort.endswith("total") else datetime.fromisoformat(value)), UUID(order_id)
    except (TypeError, ValueError, OverflowError, AttributeError):
        raise CursorInvalid("Send the next_cursor of the page before, with the same sort.") from None


def _total(value: Any) -> int:
    total = int(value)
    if abs(total) > MAX_TOTAL:
        raise ValueError
    return total


def _page(rows: list[Order], filters: dict[str, Any], column: str) -> Page:
    def key(last: Order) -> tuple[Any, ...]:
        value = getattr(last, column)
        shown = value.isoformat() if isinstance(value, datetime) else value
        return filters["sort"], shown, last.id

    return paging.cut(rows, filters["limit"], key)
