"""Until when the money for goods that have come must have gone back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders.models import Order
from order_api.refunds.models import Refund
from order_api.returns.models import Return, ReturnReceipt, ReturnUnits
from order_api.returns.policy import PolicyAnswer
from order_api.returns.window import end_of, last_day
from order_api.returns.words import RefundWhen
from order_api.stores.models import OrderCollection


def refund_due_by(session: Session, order: Order, return_: Return, refunds: Sequence[Refund]) -> datetime | None:
    """The end of the day, by the collection's calendar, on which the first of them is due; None while none is owed, or
    without a limit. `refunds` are those of the return."""
    paid = {refund.id for refund in refunds}
    time_zone = session.get_one(OrderCollection, order.collection_id).properties.time_zone
    times = select(ReturnReceipt.id, ReturnReceipt.received_at).where(ReturnReceipt.return_id == return_.id)
    received = {receipt.id: receipt.received_at for receipt in session.execute(times)}
    due = []
    for line in return_.lines:
        days = PolicyAnswer.from_json(line.policy).refund_days if line.is_allowed else None
        unpaid = [row for row in line.units if row.refund_id not in paid and row.released_at is None]
        if days is not None:
            owed = [at for row in unpaid if (at := _since(return_, row, received)) is not None]
            due += [end_of(last_day(at, days, time_zone), time_zone) for at in owed]
    return min(due, default=None)


def _since(return_: Return, row: ReturnUnits, received: Mapping[UUID, datetime]) -> datetime | None:
    """Since when the money of these units is owed; None while it is not."""
    policy = PolicyAnswer.from_json(row.line.policy)
    if policy.goods_kept or policy.refund_when == RefundWhen.AT_ONCE:
        return return_.decided_at
    if policy.refund_when == RefundWhen.CARRIER_SCAN and return_.scanned_at is not None:
        return return_.scanned_at
    return received[row.receipt_id] if row.receipt_id is not None else None
