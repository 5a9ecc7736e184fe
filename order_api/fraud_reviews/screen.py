"""Asks the provider how likely it is that an order is fraudulent."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import RecordedCall, Story
from order_api.fraud_reviews.models import FraudScreening, ScreeningStatus
from order_api.integrations.fraud.port import FraudQuestion, FraudScore
from order_api.integrations.fraud.registry import screener
from order_api.orders import history
from order_api.orders.models import Order
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.outside_rows import settle_row
from order_api.words.events import Event


@dataclass
class ScoreCall(RecordedCall[FraudScore]):
    actor: Actor
    row: FraudScreening
    question: FraudQuestion

    @property
    def system(self) -> str:
        return "the fraud screener"

    def find(self) -> FraudScore | None:
        return screener().find(self.row.id)

    def make(self) -> FraudScore:
        return screener().score(self.question)

    def settle(self, session: Session, reply: FraudScore) -> None:
        """Ignores the reply if the screening was withdrawn or another worker settled it; the story then looks again."""
        settled = settle_row(session, self.actor, self.row, ScreeningStatus.DONE, {ScreeningStatus.REQUESTED})
        self.is_last = settled is not None
        if settled is None:
            return
        settled.row.score, settled.row.reasons = reply.score, list(reply.reasons)
        reason = ", ".join(reply.reasons) or None
        history.record(
            session, settled.order, Event.FRAUD_SCREENED, self.actor, reason=reason, details={"score": reply.score}
        )


@dataclass
class ScreenFraud(Story):
    """Repeating is safe: an order has one score. `score` and `reasons` are set when the story ends.

    `is_frozen` tells a restarted flow that the order was accepted before.
    """

    actor: Actor
    order_id: UUID
    score: int | None = None
    reasons: Sequence[str] = ()
    is_frozen: bool = False

    def ask(self, session: Session) -> ScoreCall | None:
        order = lock_for_task(session, self.actor, self.order_id, Order.ship_groups, Order.items)
        self.is_frozen = order.frozen_at is not None
        row = _screening(session, order.id) or _request(session, order)
        return ScoreCall(self.actor, row, _question(order, row)) if row.status == ScreeningStatus.REQUESTED else None

    def finish(self, session: Session) -> None:
        if row := _screening(session, self.order_id):
            self.score, self.reasons = row.score, row.reasons or ()


def withdraw_screening(session: Session, order: Order) -> None:
    """Closes an open request, so a score that still arrives changes nothing. The caller has locked the order."""
    statement = update(FraudScreening).where(FraudScreening.order_id == order.id)
    statement = statement.where(FraudScreening.status == ScreeningStatus.REQUESTED)
    session.execute(statement.values(status=ScreeningStatus.WITHDRAWN, settled_at=clock.now()))


def _screening(session: Session, order_id: UUID) -> FraudScreening | None:
    return session.scalar(select(FraudScreening).where(FraudScreening.order_id == order_id))


def _request(session: Session, order: Order) -> FraudScreening:
    require_open(order)
    row = FraudScreening(id=uuid4(), order_id=order.id, status=ScreeningStatus.REQUESTED, requested_at=clock.now())
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
