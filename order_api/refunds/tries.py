"""The tries to pay a part of a refund back: what it gives back of one capture may be asked for several times."""

from uuid import UUID

from order_api.core.outside import CallStatus
from order_api.payments.ledger import Rows
from order_api.payments.models import GIVES_BACK, PaymentTransaction, TransactionKind


def gone_by_part(rows: Rows, refund_id: UUID | None) -> dict[UUID | None, Rows]:
    """By capture, the tries that have given money back which was not sent back since, oldest first."""
    sent_back = {row.parent_id for row in rows if row.kind == TransactionKind.REFUND_REVERSED}
    gone: dict[UUID | None, Rows] = {}
    for row in rows:
        if row.refund_id == refund_id and row.kind in GIVES_BACK and row.status == CallStatus.DONE:
            gone.setdefault(row.parent_id, [])
            if row.id not in sent_back:
                gone[row.parent_id].append(row)
    return gone


def is_paid_already(rows: Rows, row: PaymentTransaction) -> bool:
    """Whether another try has given back what this one gives back. `rows` are those of the order."""
    return any(other.id != row.id for other in gone_by_part(rows, row.refund_id).get(row.parent_id, []))
