"""Ask how likely an order is fraud. Repeating is safe: an order has one score."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.outside import CallStatus, settle
from order_api.fraud_reviews.models import FraudScreening
from order_api.integrations.fraud.port import FraudQuestion, FraudScore
from order_api.integrations.fraud.registry import screener
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.lock import get_for_act
from order_api.words.events import Event


def screen_fraud(actor: Actor, order_id: UUID) -> FraudScreening:
    with transaction() as session:
        order = get_for_act(session, actor, order_id, Order.ship_groups, Order.items)
        requested = _request(session, order)
    return settle(
        requested,
        perform=lambda row: screener().score(_question(order, row)),
        find=lambda row: screener().find(row.id),
        record=lambda session, row, score: _record(session, actor, row, score),
    )


def withdraw_screening(actor: Actor, order_id: UUID) -> None:
    """The order is given up: nobody waits for its score any more, and one that still comes changes nothing."""
    with transaction() as session:
        repository.get_for_update(session, actor, order_id)
        asked = update(FraudScreening).where(FraudScreening.order_id == order_id)
        asked = asked.where(FraudScreening.status == CallStatus.REQUESTED)
        session.execute(asked.values(status=CallStatus.LOST, settled_at=clock.now()))


def _request(session: Session, order: Order) -> FraudScreening:
    row = session.scalar(select(FraudScreening).where(FraudScreening.order_id == order.id))
    if row is None:
        row = FraudScreening(order_id=order.id, status=CallStatus.REQUESTED, requested_at=clock.now())
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


def _record(session: Session, actor: Actor, requested: FraudScreening, answer: FraudScore) -> FraudScreening:
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(FraudScreening, requested.id, with_for_update=True, populate_existing=True)
    if row.status == CallStatus.REQUESTED:
        row.status, row.score, row.reasons, row.settled_at = (
            CallStatus.DONE,
            answer.score,
            list(answer.reasons),
            clock.now(),
        )
        history.record(
            session, order, Event.FRAUD_SCREENED, actor, reason=", ".join(answer.reasons) or None, score=row.score
        )
    return row
