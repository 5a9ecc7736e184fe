"""A customer sends a new card for a declined one; the order goes on."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core.outside import CallStatus
from order_api.orders import history, repository
from order_api.orders.errors import CancelRequested
from order_api.orders.models import Order, Tender
from order_api.outbox import announce
from order_api.payments import ledger
from order_api.payments.errors import NoDeclinedPayment, PaymentInProgress
from order_api.payments.models import TransactionKind


def replace_payment(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Order:
    """Repeating is safe: a card that has just been taken on is not taken on again."""
    order = _payable(session, actor, order_id)
    rows = ledger.rows_of(session, order_id)
    if _is_taken_on(order, rows, body["token"]):
        return order
    declined = _declined_tender(order, rows)
    captured = ledger.total(rows, TransactionKind.CAPTURE, declined.id)
    position = max(tender.position for tender in order.tenders) + 1
    card = Tender(id=uuid4(), order_id=order.id, position=position, type=body["type"], token=body["token"])
    card.amount = declined.amount - captured
    order.tenders.append(card)
    session.flush()
    declined.amount, declined.replaced_by_id = captured, card.id

    history.record(session, order, "payment.method_replaced", actor, tender_id=card.id, replaces=declined.id)
    announce.correlate(session, Message.PAYMENT_METHOD_REPLACED, order.id)
    return order


def _payable(session: Session, actor: Actor, order_id: UUID) -> Order:
    """What left before it could be recalled is still to be paid; any other canceled order is not."""
    order = repository.get_for_update(session, actor, order_id, Order.items, Order.tenders)
    if order.cancel_requested_at is not None and not order.has_shipped:
        raise CancelRequested(f"{order.number} is being canceled.")
    return order


def _is_taken_on(order: Order, rows: ledger.Rows, token: str) -> bool:
    waiting = [t for t in order.tenders if t.is_active and t.token == token]
    return any(not any(r.tender_id == t.id for r in rows) for t in waiting)


def _declined_tender(order: Order, rows: ledger.Rows) -> Tender:
    if any(row.status == CallStatus.REQUESTED for row in rows):
        raise PaymentInProgress("The gateway has not answered yet; repeat in a moment.")
    for tender in (t for t in order.tenders if t.is_active):
        tries = [r for r in rows if r.tender_id == tender.id and r.kind != TransactionKind.VOID]
        if tries and tries[-1].status == CallStatus.DECLINED:
            return tender
    raise NoDeclinedPayment(f"No means of payment of {order.number} was declined.")
