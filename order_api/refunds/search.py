"""Lists refunds, newest first, in keyset pages."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money, paging
from order_api.core.money import TooManyDecimals
from order_api.core.paging import Page
from order_api.orders.models import Order
from order_api.refunds.errors import RefundInvalid
from order_api.refunds.models import Refund
from order_api.refunds.repository import visible


def search_refunds(session: Session, actor: Actor, filters: dict[str, Any]) -> Page:
    """Each row is a refund with its order."""
    rows: list[Any] = list(session.execute(filtered_refunds(actor, filters)))
    return paging.cut(rows, filters["limit"], lambda last: (last[0].requested_at.isoformat(), last[0].id))


def filtered_refunds(actor: Actor, filters: dict[str, Any]) -> Select[Refund, Order]:
    """Selects one row more than a page holds. Rights are part of the query."""
    query = visible(actor).where(*_conditions(filters)).order_by(Refund.requested_at.desc(), Refund.id.desc())
    if "cursor" in filters:
        query = query.where(tuple_(Refund.requested_at, Refund.id) < tuple_(*last_seen(filters["cursor"])))
    return query.limit(filters["limit"] + 1)


def _conditions(filters: dict[str, Any]) -> list[ColumnElement[bool]]:
    equal = {"state": Refund.state, "collection": Order.collection_key, "order_number": Order.number}
    equal |= {"currency": Order.currency}
    conditions = [column == filters[name] for name, column in equal.items() if name in filters]
    if "requested_from" in filters:
        conditions.append(Refund.requested_at >= filters["requested_from"])
    if "requested_before" in filters:
        conditions.append(Refund.requested_at < filters["requested_before"])
    if "older_than_days" in filters:
        conditions.append(Refund.requested_at <= clock.now() - timedelta(days=filters["older_than_days"]))
    if "amount_from" in filters:
        conditions.append(Refund.paid_back >= _minor(filters))
    return conditions


def _minor(filters: dict[str, Any]) -> int:
    try:
        return money.to_minor(filters["amount_from"], filters["currency"])
    except (TooManyDecimals, KeyError) as error:
        message = "Unknown currency." if isinstance(error, KeyError) else str(error)
        raise RefundInvalid(message, errors=[{"field": "amount_from", "message": message}]) from None


def last_seen(cursor: str) -> tuple[datetime, UUID]:
    """The time and the id of the last refund of the page before."""
    return paging.moment_and_id(*paging.decode(cursor, 2))
