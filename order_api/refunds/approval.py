"""What the table `refund-approval` is asked: how much, why, who asks, and what was granted before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
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


def approval_question(session: Session, actor: Actor, order: Order, amount: int, reason: str) -> ApprovalQuestion:
    """`amount` is what goes back to the customer or is taken off the bill, whichever is more, in minor units. Call it
    before the refund is stored."""
    now = clock.now()
    start_of_today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    of_asker = [Refund.requested_by == actor.id, Order.currency == order.currency]
    of_customer = [_of_customer(order), Order.currency == order.currency]
    count, refunded = _sums(session, of_customer, now - QUARTER)
    share = Fraction(100 * amount, order.grand_total) if order.grand_total else Fraction(0)
    return ApprovalQuestion(
        refund_amount=money.to_text(amount, order.currency),
        currency=order.currency,
        refund_reason=reason,
        asked_by_role=actor.role or actor.kind,
        share_of_order=min(100, -(-share.numerator // share.denominator)),
        granted_today=money.to_text(_sums(session, of_asker, start_of_today)[1], order.currency),
        granted_in_30_days=money.to_text(_sums(session, of_asker, now - MONTH)[1], order.currency),
        customer_refunds=count,
        customer_refunded=money.to_text(refunded, order.currency),
        collection=order.collection_key,
    )


def _of_customer(order: Order) -> ColumnElement[bool]:
    """A registered customer is known by collection and id, a guest by the e-mail address in lower case."""
    if order.customer_id is not None:
        return (Order.customer_id == order.customer_id) & (Order.collection_id == order.collection_id)
    if order.customer_email is not None:
        same = func.lower(Order.customer_email) == order.customer_email.lower()
        return same & (Order.collection_id == order.collection_id)
    return Order.id == order.id


def _sums(session: Session, conditions: Sequence[ColumnElement[bool]], since: datetime) -> tuple[int, int]:
    amount = func.greatest(Refund.amount, Refund.paid_back)
    query: Select[Any] = select(func.count(), func.coalesce(func.sum(amount), 0)).select_from(Refund).join(Order)
    was_asked_for = Refund.caused_by_id.is_(None)
    counted = query.where(Refund.state.in_(COUNTED), Refund.requested_at >= since, was_asked_for, *conditions)
    count, total = session.execute(counted).one()
    return int(count), int(total)
