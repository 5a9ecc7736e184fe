"""The tries to pay a part of a refund back: what it gives back of one capture may be asked for several times."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core.outside import CallStatus
from order_api.payments.ledger import Rows
from order_api.payments.models import GIVES_BACK, PaymentTransaction, TransactionKind
from order_api.refunds.models import Refund


def gone_by_part(rows: Rows, refund_id: UUID | None) -> dict[UUID | None, Rows]:
    """By capture, the tries that have given money back which was not sent back since, oldest first."""
    sent_back = {row.parent_id for row in rows if row.kind == TransactionKind.REFUND_REVERSED}
    gone: dict[UUID | None, Rows] = {}
    for row in rows:
        is_done = row.kind in GIVES_BACK and row.status == CallStatus.DONE and row.id not in sent_back
        if is_done and row.refund_id == refund_id:
            gone.setdefault(row.parent_id, []).append(row)
    return gone


def is_paid_already(rows: Rows, row: PaymentTransaction) -> bool:
    """Whether another try has given back what this one gives back. `rows` are those of the order."""
    return any(other.id != row.id for other in gone_by_part(rows, row.refund_id).get(row.parent_id, []))


def owing_refund(session: Session, row: PaymentTransaction) -> Refund:
    """The refund that owes what this row pays: its own, or the last of those that took over its part. The row then
    belongs to that one. The order is locked."""
    refund = session.get_one(Refund, row.refund_id)
    takes_over = select(Refund).join(PaymentTransaction, PaymentTransaction.refund_id == Refund.id)
    takes_over = takes_over.where(PaymentTransaction.parent_id == row.parent_id).limit(1)
    while (successor := session.scalar(takes_over.where(Refund.caused_by_id == refund.id))) is not None:
        refund = successor
    row.refund_id = refund.id
    session.flush()
    return refund
