"""A refund that was done fails days later (A10): its money is owed again, and a new refund takes over."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import CallStatus
from order_api.orders import history
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.refunds.hold import new_part
from order_api.refunds.models import Refund, RefundState
from order_api.refunds.paid_twice import follow_return
from order_api.refunds.process import start_process
from order_api.refunds.repository import new_refund
from order_api.refunds.tries import is_paid_already
from order_api.refunds.wanted import Wanted
from order_api.words.events import Event


def reversals_of(session: Session, row: PaymentTransaction) -> Sequence[PaymentTransaction]:
    """The rows that say that this refund has come back, each a part of it or all."""
    reversals = select(PaymentTransaction).where(PaymentTransaction.parent_id == row.id)
    return session.scalars(reversals.where(PaymentTransaction.kind == TransactionKind.REFUND_REVERSED)).all()


def fail_refund(
    session: Session, actor: Actor, order: Order, row: PaymentTransaction, amount: int, decline_code: str
) -> Refund | None:
    """Reverses this amount of the row, which is all of it that has not come back before, and begins a refund of the
    same money whose flow comes to the queue of refused refunds; None if another try of the refund has given the money
    back, too. The order is locked, and its tenders are loaded."""
    failed = session.get_one(Refund, row.refund_id)
    reversal = ledger.new_reversal(session, order, row, amount)
    reversal.decline_code = decline_code
    details = {"amount": amount, "transaction_id": reversal.id}
    history.record(
        session,
        order,
        Event.PAYMENT_REFUND_FAILED,
        actor,
        reason=decline_code,
        flows=[],
        subject=failed.subject,
        details=details,
    )
    session.flush()
    is_paid = is_paid_already(ledger.rows_of(session, order.id), row)
    refund = None if is_paid else _begin_successor(session, actor, order, row, amount, decline_code)
    follow_return(session, actor, order, failed)
    return refund


def _begin_successor(
    session: Session, actor: Actor, order: Order, row: PaymentTransaction, amount: int, decline_code: str
) -> Refund:
    refund = _successor(session, actor, order, session.get_one(Refund, row.refund_id), amount)
    capture = session.get_one(PaymentTransaction, row.parent_id)
    declined = new_part(session, order, refund, capture, TransactionKind.REFUND, amount)
    declined.status, declined.settled_at, declined.decline_code = CallStatus.DECLINED, clock.now(), decline_code
    start_process(session, actor, order, refund)
    return refund


def _successor(session: Session, actor: Actor, order: Order, failed: Refund, amount: int) -> Refund:
    """It changes nothing on the bill, and is granted already."""
    refund = new_refund(session, actor, order, RefundState.PAYING, failed.destination, failed.reason)
    refund.wanted, refund.caused_by_id = Wanted().as_json(), failed.id
    refund.amount = refund.ends_unpaid = refund.ends_written_off = 0
    refund.paid_back, refund.decided_at = amount, refund.requested_at
    session.flush()
    return refund
