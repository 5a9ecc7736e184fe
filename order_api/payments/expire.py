"""An authorization ends by itself after a time: what it still held is booked as expired, and held anew before the next
parcel is released."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus
from order_api.orders import history, repository
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.errors import PaymentExpired
from order_api.payments.hold import amounts_to_hold
from order_api.payments.models import DRAWS, PaymentTransaction, TransactionKind
from order_api.progress.lock import lock_for_task
from order_api.progress.wait import end_wait
from order_api.words.events import Event

PAUSE = 30.0


def book_expiry(session: Session, actor: Actor, order: Order, authorization: PaymentTransaction) -> bool:
    """Repeating is safe. False if nothing was held any more. The order is locked.

    Raises NotYet while the gateway has not answered the authorization, or a request that draws on it.
    """
    rows = ledger.rows_of(session, order.id)
    draws = [row for row in rows if row.parent_id == authorization.id and row.kind in DRAWS]
    if any(row.status == CallStatus.REQUESTED for row in [authorization, *draws]):
        raise NotYet("It depends on an answer of the gateway what the expired authorization still held.", PAUSE)
    remaining = authorization.amount - sum(row.amount for row in draws if row.status == CallStatus.DONE)
    if authorization.status != CallStatus.DONE or remaining <= 0:
        return False
    tender, key = session.get_one(Tender, authorization.tender_id), str(authorization.id)
    row = ledger.new_row(session, order, tender, TransactionKind.EXPIRED, remaining, key)
    row.parent_id, row.status, row.settled_at = authorization.id, CallStatus.DONE, clock.now()
    session.flush()
    details = {"transaction_id": row.id, "amount": remaining}
    history.record(session, order, Event.PAYMENT_EXPIRED, actor, details=details)
    return True


def why_not_release(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> PaymentExpired | None:
    """The refusal if something is due of the order that no authorization holds any more. Otherwise the item waits for
    no means of payment."""
    expired = select(PaymentTransaction.id).where(PaymentTransaction.order_id == order_id)
    if session.scalar(expired.where(PaymentTransaction.kind == TransactionKind.EXPIRED).limit(1)) is None:
        return None
    order = lock_for_task(session, actor, order_id, Order.tenders)
    item = repository.get_item(session, order, item_id)
    if item.open_quantity and _misses_hold(session, order):
        return PaymentExpired("The authorization of the payment has expired.")
    end_wait(session, actor, order, item_id, Event.PAYMENT_METHOD_REPLACED)
    item.awaits_payment_since = None
    return None


def _misses_hold(session: Session, order: Order) -> bool:
    """Whether something is due that no authorization holds."""
    rows = ledger.rows_of(session, order.id)
    amounts = amounts_to_hold(session, order, rows)
    return any(amount and not ledger.holding(rows, tender_id) for tender_id, amount in amounts.items())
