"""Lists returns in keyset pages: newest first, or those whose money is due first."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, cast, exists, func, select, tuple_
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, paging
from order_api.core.paging import CursorInvalid, Page
from order_api.orders.models import Order
from order_api.returns.models import Return, ReturnLine
from order_api.returns.repository import visible
from order_api.returns.words import ReturnState
from order_api.stores.models import OrderCollection
from order_api.stores.properties import CollectionProperties

EXPECTED = (ReturnState.EXPECTED, ReturnState.IN_TRANSIT)


def search_returns(session: Session, actor: Actor, filters: dict[str, Any]) -> Page:
    """Each row is a return with its order."""
    rows: list[Any] = list(session.execute(filtered_returns(actor, filters)))
    by = "refund_due_by" if "refund_due_before" in filters else "announced_at"
    return paging.cut(rows, filters["limit"], lambda last: (by, getattr(last[0], by).isoformat(), last[0].id))


def filtered_returns(actor: Actor, filters: dict[str, Any]) -> Select[Return, Order]:
    """Selects one row more than a page holds. Rights are part of the query."""
    query = visible(actor).where(*_conditions(filters))
    if "refund_due_before" in filters:
        query = query.order_by(Return.refund_due_by, Return.id)
    else:
        query = query.order_by(Return.announced_at.desc(), Return.id.desc())
    if "cursor" in filters:
        query = query.where(_after(filters))
    return query.limit(filters["limit"] + 1)


def _conditions(filters: dict[str, Any]) -> list[ColumnElement[bool]]:
    equal = {"state": Return.state, "collection": Order.collection_key, "order_number": Order.number}
    equal |= {"location": Return.location}
    conditions = [column == filters[name] for name, column in equal.items() if name in filters]
    if "reason" in filters:
        conditions.append(exists().where(ReturnLine.return_id == Return.id, ReturnLine.reason == filters["reason"]))
    if "announced_from" in filters:
        conditions.append(Return.announced_at >= filters["announced_from"])
    if "announced_before" in filters:
        conditions.append(Return.announced_at < filters["announced_before"])
    if "older_than_days" in filters:
        conditions.append(Return.announced_at <= clock.now() - timedelta(days=filters["older_than_days"]))
    if filters.get("expected_today"):
        conditions += [Return.state.in_(EXPECTED), Return.last_day <= _today()]
    if "refund_due_before" in filters:
        conditions += [Return.refund_due_by < filters["refund_due_before"], Return.ended_at.is_(None)]
    return conditions


def _today() -> ColumnElement[date]:
    """By the calendar of the return's collection."""
    own = OrderCollection.stored_properties["time_zone"].astext
    zone = select(func.coalesce(own, CollectionProperties.time_zone)).where(OrderCollection.id == Order.collection_id)
    return cast(func.timezone(zone.scalar_subquery(), clock.now()), Date)


def _after(filters: dict[str, Any]) -> ColumnElement[bool]:
    """What comes after the last return of the page before."""
    by, at, return_id = paging.decode(filters["cursor"], 3)
    last = paging.moment_and_id(at, return_id)
    if by != ("refund_due_by" if "refund_due_before" in filters else "announced_at"):
        raise CursorInvalid("Send the next_cursor with the query that it came with.")
    if by == "refund_due_by":
        return tuple_(Return.refund_due_by, Return.id) > tuple_(*last)
    return tuple_(Return.announced_at, Return.id) < tuple_(*last)
