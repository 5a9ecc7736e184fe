"""Asks the provider how likely an order is fraud."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import CallStatus, Story
from order_api.fraud_reviews.models import FraudScreening
from order_api.integrations.fraud.port import FraudQuestion, FraudScore
from order_api.integrations.fraud.registry import screener
from order_api.orders import history
from order_api.orders.models import Order
from order_api.progress.lock import lock_for_act
from order_api.progress.outside_rows import settle_row
from order_api.words.events import Event


@dataclass
class ScreenFraud(Story[FraudScreening, FraudScore]):
    """Repeating is safe: an order has one score. `outcome` is the score and its reasons when the story has ended."""

    actor: Actor
    order_id: UUID
    outcome: tuple[int | None, Sequence[str]] = (None, ())
    _is_recorded: bool = field(default=False, init=False)

    def ask(self, session: Session) -> FraudScreening | None:
        order = lock_for_act(session, self.actor, self.order_id, Order.ship_groups, Order.items)
        row = _request(session, order)
        self.outcome = row.score, row.reasons or []
        self._question = _question(order, row)
        return row if row.status == CallStatus.REQUESTED else None

    def find(self, row: FraudScreening) -> FraudScore | None:
        return screener().find(row.id)

    def call(self, row: FraudScreening) -> FraudScore:
        return screener().score(self._question)

    def settle(self, session: Session, row: FraudScreening, reply: FraudScore) -> None:
        if _record(session, self.actor, row, reply):
            self.outcome, self._is_recorded = (reply.score, list(reply.reasons)), True

    def is_last(self, row: FraudScreening, reply: FraudScore) -> bool:
        return self._is_recorded


def withdraw_screening(session: Session, order: Order) -> None:
    """Closes an open request, so a score that still arrives changes nothing. The caller has locked the order."""
    statement = update(FraudScreening).where(FraudScreening.order_id == order.id)
    statement = statement.where(FraudScreening.status == CallStatus.REQUESTED)
    session.execute(statement.values(status=CallStatus.LOST, settled_at=clock.now()))


def _request(session: Session, order: Order) -> FraudScreening:
    row = session.scalar(select(FraudScreening).where(FraudScreening.order_id == order.id))
    if row is None:
        row = FraudScreening(id=uuid4(), order_id=order.id, status=CallStatus.REQUESTED, requested_at=clock.now())
        row.is_new = True
        session.add(row)
    return row


def _question(order: Order, row: FraudScreening) -> FraudQuestion:
    return FraudQuestion(
        key=row.id,
        total=order.grand_total,
        currency=order.currency,
        channel=order.channel,
        customer_type=order.customer_type,
        email_domain=order.customer_email.rpartition("@")[2].lower() if order.customer_email else None,
        has_phone=order.customer_phone is not None,
        billing_country=(order.billing_address or {}).get("country"),
        shipping_countries=_shipping_countries(order),
        largest_quantity=max(item.quantity for item in order.items),
    )


def _shipping_countries(order: Order) -> frozenset[str]:
    return frozenset(group.address["country"] for group in order.ship_groups if group.address)


def _record(session: Session, actor: Actor, requested: FraudScreening, answer: FraudScore) -> bool:
    """False when the screening was withdrawn, or another worker was first."""
    settled = settle_row(session, actor, requested, CallStatus.DONE, {CallStatus.REQUESTED})
    if settled is None:
        return False
    settled.row.score, settled.row.reasons = answer.score, list(answer.reasons)
    reason = ", ".join(answer.reasons) or None
    history.record(session, settled.order, Event.FRAUD_SCREENED, actor, reason=reason, score=answer.score)
    return True
