"""Money that we owe customers: granted refunds of which a part has not been paid, and what they wait for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, func, select, tuple_
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, paging
from order_api.core.outside import CallStatus
from order_api.core.paging import Page
from order_api.orders.models import Order
from order_api.payments.balance import NOT_PROMISED
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.models import Refund, RefundState
from order_api.refunds.repository import visible
from order_api.refunds.search import last_seen

IS_OWED = Refund.state == RefundState.PAYING, Refund.paid_back > 0


class OwedUntil(StrEnum):
    """What ends the debt, or comes first: a person's `decision` about a part that a gateway refused, a person's
    `booking` of what is paid outside, or the `gateway`."""

    DECISION = "decision"
    BOOKING = "booking"
    GATEWAY = "gateway"


@dataclass(frozen=True)
class Owed:
    """A granted refund with what is still to be paid, in minor units."""

    refund: Refund
    order: Order
    open_amount: int
    until: OwedUntil


@dataclass(frozen=True)
class OwedSum:
    """All that is owed in one currency, in minor units."""

    count: int
    amount: int
    oldest_seconds: float


def search_owed(session: Session, actor: Actor, filters: dict[str, Any]) -> Page:
    """Each row is an Owed, oldest first."""
    found: list[Any] = list(session.execute(_filtered(actor, filters)))
    page = paging.cut(found, filters["limit"], lambda last: (last[0].decided_at.isoformat(), last[0].id))
    open_ = _open_parts(session, [refund.id for refund, _ in page.rows])
    return Page([_owed(refund, order, open_[refund.id]) for refund, order in page.rows], page.next_cursor)


def sums_owed(session: Session) -> Mapping[str, OwedSum]:
    """By currency, over all collections."""
    parts = _open_tries()
    per_refund = select(parts.c.refund_id, func.sum(parts.c.amount).label("amount"))
    open_ = per_refund.group_by(parts.c.refund_id).subquery()
    values = func.count(), func.coalesce(func.sum(open_.c.amount), 0), func.min(Refund.decided_at)
    query = (
        select(Order.currency, *values).select_from(Refund).join(Order).outerjoin(open_, open_.c.refund_id == Refund.id)
    )
    now = clock.now()
    rows = session.execute(query.where(*IS_OWED).group_by(Order.currency))
    return {
        currency: OwedSum(count, int(amount), (now - since).total_seconds()) for currency, count, amount, since in rows
    }


def _filtered(actor: Actor, filters: dict[str, Any]) -> Select[Refund, Order]:
    """Selects one row more than a page holds. Rights are part of the query."""
    equal = {"collection": Order.collection_key, "currency": Order.currency}
    query = visible(actor).where(
        *IS_OWED, *(column == filters[name] for name, column in equal.items() if name in filters)
    )
    if "cursor" in filters:
        query = query.where(tuple_(Refund.decided_at, Refund.id) > tuple_(*last_seen(filters["cursor"])))
    return query.order_by(Refund.decided_at, Refund.id).limit(filters["limit"] + 1)


def _open_tries() -> Subquery:
    """The last try of each refund that is owed on each capture, unless another try has given the money back."""
    row = PaymentTransaction
    newest_first = row.requested_at.desc(), row.id.desc()
    of_one = row.refund_id, row.parent_id
    age = func.row_number().over(partition_by=of_one, order_by=newest_first).label("age")
    is_paid = func.bool_or(row.status == CallStatus.DONE).over(partition_by=of_one).label("is_paid")
    owed = row.refund_id.in_(select(Refund.id).where(*IS_OWED)), row.status.not_in(NOT_PROMISED)
    tries = select(row.refund_id, row.kind, row.status, row.amount, age, is_paid).where(*owed).subquery()
    return select(tries).where(tries.c.age == 1, tries.c.is_paid.is_(False)).subquery()


def _open_parts(session: Session, refund_ids: Collection[UUID]) -> Mapping[UUID, list[Any]]:
    """By refund, what has not been paid: kind, status and amount."""
    parts = _open_tries()
    query = select(parts).where(parts.c.refund_id.in_(refund_ids))
    open_: dict[UUID, list[Any]] = defaultdict(list)
    for part in session.execute(query):
        open_[part.refund_id].append(part)
    return open_


def _owed(refund: Refund, order: Order, parts: Sequence[Any]) -> Owed:
    until = OwedUntil.GATEWAY
    if any(part.kind == TransactionKind.TRANSFER_OUTSIDE for part in parts):
        until = OwedUntil.BOOKING
    if any(part.status == CallStatus.DECLINED for part in parts):
        until = OwedUntil.DECISION
    return Owed(refund, order, sum(part.amount for part in parts), until)
