"""The tries to pay a part of a refund back: what it gives back of one capture may be asked for several times.

Also by the refund that takes over when a payment has failed.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from order_api.core.outside import CallStatus
from order_api.payments.ledger import Rows
from order_api.payments.models import GIVES_BACK, PaymentTransaction, TransactionKind
from order_api.refunds.models import Refund


def gone_by_part(rows: Rows, refund_ids: Collection[UUID | None]) -> dict[UUID | None, Rows]:
    """By capture, the tries that have given money back which was not sent back since, oldest first."""
    sent_back = {row.parent_id for row in rows if row.kind == TransactionKind.REFUND_REVERSED}
    gone: dict[UUID | None, Rows] = {}
    for row in rows:
        is_done = row.kind in GIVES_BACK and row.status == CallStatus.DONE and row.id not in sent_back
        if is_done and row.refund_id in refund_ids:
            gone.setdefault(row.parent_id, []).append(row)
    return gone


def is_paid_already(rows: Rows, row: PaymentTransaction) -> bool:
    """Whether another try has given back what this one gives back. `rows` are those of the order."""
    return any(other.id != row.id for other in gone_by_part(rows, [row.refund_id]).get(row.parent_id, []))


def family_of(refunds: Sequence[Refund], refund: Refund) -> list[Refund]:
    """The refund that began it, and those that took over from it, one after the other. `refunds` are those of the
    order."""
    by_id, successors = {each.id: each for each in refunds}, {each.caused_by_id: each for each in refunds}
    while refund.caused_by_id is not None:
        refund = by_id[refund.caused_by_id]
    family = [refund]
    while (successor := successors.get(family[-1].id)) is not None:
        family.append(successor)
    return family
