"""Books what was paid back outside, such as by bank transfer: once, with the reference of the transfer."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import CallStatus
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.payments.ledger import Rows, rows_of
from order_api.payments.models import TransactionKind
from order_api.progress.wait import end_wait
from order_api.refunds.errors import NothingToBook
from order_api.refunds.models import GRANTED, Destination, Refund
from order_api.refunds.pay_back import conclude, open_transfers, rows_of_refund
from order_api.refunds.repository import lock, lock_for_task
from order_api.refunds.tries import is_paid_already
from order_api.words.events import Event


def book_refund(session: Session, actor: Actor, number: str, reference: str) -> Refund:
    """Repeating is safe with the same reference. Raises NothingToBook."""
    order, refund = lock(session, actor, number)
    # Asked first: a repeat must not book another transfer, of a part that was redirected since.
    if not _is_booked(session, refund, reference) and not _book(session, actor, order, refund, reference):
        raise NothingToBook(f"Nothing of {number} is to be paid outside now, or it was booked with another reference.")
    return refund


def book_decided_refund(session: Session, actor: Actor, subject: Subject, reference: object) -> None:
    """The same for a person who finished the task about it. Repeating is safe: a transfer is booked once."""
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    _book(session, actor, order, refund, str(reference or ""))


def _book(session: Session, actor: Actor, order: Order, refund: Refund, reference: str) -> int:
    """The amount that was booked."""
    rows = rows_of_refund(session, refund) if refund.state in GRANTED else []
    open_ = open_transfers(rows) or _made_all_the_same(session, refund, reference)
    for row in open_:
        row.status, row.reference, row.settled_at = CallStatus.DONE, reference, clock.now()
    if not open_:
        return 0
    session.flush()
    amount = sum(row.amount for row in open_)
    details = {"amount": amount, "reference": reference}
    about = refund.subject
    history.record(session, order, Event.REFUND_BOOKED, actor, subject=about, flows=refund.flows, details=details)
    conclude(session, actor, order, refund)
    return amount


def _made_all_the_same(session: Session, refund: Refund, reference: str) -> Rows:
    """Transfers that were withdrawn, because the gateway had paid after all, before the person who made them read it:
    what has gone is always booked. Of a refund that goes outside as a whole, only what was held was withdrawn."""
    if refund.destination != Destination.ORIGINAL:
        return []
    if not reference or refund.state not in GRANTED or _is_booked(session, refund, reference):
        return []
    rows = rows_of(session, refund.order_id)
    transfers = [r for r in rows if r.refund_id == refund.id and r.kind == TransactionKind.TRANSFER_OUTSIDE]
    return [r for r in transfers if r.status == CallStatus.WITHDRAWN and is_paid_already(rows, r)]


def _is_booked(session: Session, refund: Refund, reference: str) -> bool:
    rows = rows_of_refund(session, refund)
    return any(row.kind == TransactionKind.TRANSFER_OUTSIDE and row.reference == reference for row in rows)
