"""What the table `refund-approval` is asked: how much, why, who asks, and what was granted before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Function, Select, func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.core import clock, money
from order_api.core.database import take_lock
from order_api.orders.models import Order
from order_api.refunds.models import GRANTED, WAITING, Refund

COUNTED = (*WAITING, *GRANTED)
MONTH, QUARTER = timedelta(days=30), timedelta(days=90)


@dataclass(frozen=True)
class ApprovalQuestion:
    """The inputs of the table. Amounts are decimal strings of `currency`, the share is a whole percent, rounded up.

    What was granted counts refunds that still wait, too. The role of the service itself is `system`.
    """

    refund_amount: str
    currency: str
    refund_reason: str
    asked_by_role: str
    share_of_order: int
    granted_today: str
    granted_in_30_days: str
    customer_refunds: int
    """How many refunds this customer got in 90 days."""
    customer_refunded: str
    """Their sum."""
    collection: str

    def as_variables(self) -> dict[str, Any]:
        return dict(vars(self))


def lock_sums(session: Session, actor: Actor, order: Order) -> None:
    """Until the transaction ends, no other refund is asked for by this caller or for this customer: each counts those
    that were asked for at the same moment before it. The order is locked before."""
    if actor.kind != ActorKind.SYSTEM:
        take_lock(session, "refunds of caller", actor.whole_name)
    customer = order.customer_id or (order.customer_email or order.number).lower()
    take_lock(session, "refunds of customer", str(order.collection_id), customer)


def approval_question(session: Session, actor: Actor, order: Order, amount: int, reason: str) -> ApprovalQuestion:
    """`amount` is what goes back to the customer or is taken off the bill, whichever is more, in minor units. Call it
    before the refund is stored."""
    now = clock.now()
    start_of_today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    of_asker = _counted(order, Refund.requested_by == actor.id, since=now - MONTH)
    is_today = Refund.requested_at >= start_of_today
    today, month = session.execute(of_asker.with_only_columns(_sum().filter(is_today), _sum())).one()
    of_same = _counted(order, of_customer(order), since=now - QUARTER)
    count, refunded = session.execute(of_same.with_only_columns(func.count(), _sum())).one()
    share = Fraction(100 * amount, order.grand_total) if order.grand_total else Fraction(0)
    return ApprovalQuestion(
        refund_amount=money.to_text(amount, order.currency),
        currency=order.currency,
        refund_reason=reason,
        asked_by_role=actor.role or actor.kind,
        share_of_order=min(100, -(-share.numerator // share.denominator)),
        granted_today=money.to_text(int(today or 0), order.currency),
        granted_in_30_days=money.to_text(int(month or 0), order.currency),
        customer_refunds=count,
        customer_refunded=money.to_text(int(refunded or 0), order.currency),
        collection=order.collection_key,
    )


def of_customer(order: Order) -> ColumnElement[bool]:
    """The orders of the same customer. A registered customer is known by collection and id, a guest by the e-mail
    address in lower case."""
    if order.customer_id is not None:
        return (Order.customer_id == order.customer_id) & (Order.collection_id == order.collection_id)
    if order.customer_email is not None:
        same = func.lower(Order.customer_email) == order.customer_email.lower()
        return same & (Order.collection_id == order.collection_id)
    return Order.id == order.id


def _counted(order: Order, of: ColumnElement[bool], *, since: datetime) -> Select[Any]:
    was_asked_for = Refund.caused_by_id.is_(None)
    query = select(Refund).join(Order).where(of, Order.currency == order.currency, was_asked_for)
    return query.where(Refund.state.in_(COUNTED), Refund.requested_at >= since)


def _sum() -> Function[Any]:
    return func.sum(func.greatest(Refund.amount, Refund.paid_back))
