"""An authorization ends by itself after a time: what it still held is booked as expired, and held anew before the next
parcel is released."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus
from order_api.integrations.payment.port import AUTHORIZATION_EXPIRED
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
    remaining = ledger.left_of(rows, authorization)
    if authorization.status != CallStatus.DONE or not remaining:
        return False
    tender, key = session.get_one(Tender, authorization.tender_id), str(authorization.id)
    row = ledger.new_row(session, order, tender, TransactionKind.EXPIRED, remaining, key)
    row.parent_id, row.status, row.settled_at = authorization.id, CallStatus.DONE, clock.now()
    session.flush()
    details = {"transaction_id": row.id, "amount": remaining}
    history.record(session, order, Event.PAYMENT_EXPIRED, actor, details=details)
    return True


def book_reported_expiries(session: Session, actor: Actor, order: Order, rows: ledger.Rows) -> ledger.Rows:
    """Books what the gateway only said by declining a capture or release, and returns the rows as they are then. Raises
    NotYet as above."""
    said = {row.parent_id for row in rows if row.kind in DRAWS and row.decline_code == AUTHORIZATION_EXPIRED}
    unbooked = [row for row in ledger.holding(rows) if row.id in said]
    for authorization in unbooked:
        book_expiry(session, actor, order, authorization)
    return ledger.rows_of(session, order.id) if unbooked else rows


def correct_expiry(session: Session, actor: Actor, order: Order, capture: PaymentTransaction) -> None:
    """A capture that the gateway reports late was made before its authorization expired: so less expired than was
    booked. The order is locked."""
    rows = [row for row in ledger.rows_of(session, order.id) if row.parent_id == capture.parent_id]
    expired = ledger.done(rows, TransactionKind.EXPIRED)
    if not expired or capture.parent is None:
        return
    drawn = sum(row.amount for row in rows if row.kind in DRAWS and row.status == CallStatus.DONE)
    too_much = min(expired[0].amount, drawn - capture.parent.amount)
    if too_much <= 0:
        return
    expired[0].amount -= too_much
    details = {"transaction_id": expired[0].id, "amount": expired[0].amount}
    history.record(session, order, Event.PAYMENT_EXPIRED, actor, details=details)


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
