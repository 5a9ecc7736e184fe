"""The mail that tells a customer which money went back: the preview of a refund shows the same text."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.bill.read import bill_of
from order_api.core import money
from order_api.core.outside import CallStatus
from order_api.integrations.payment.tender_types import token_types
from order_api.notifications.notices import Notice
from order_api.notifications.render import render
from order_api.orders.models import Order
from order_api.payments.models import TransactionKind
from order_api.refunds.models import Destination, Refund
from order_api.refunds.pay_back import rows_of_refund


class PaidBack(NamedTuple):
    """`amount` in minor units, to this tender or outside, expected by this day if the provider tells one."""

    tender_id: UUID
    destination: Destination
    amount: int
    expected_by: date | None


def refund_mail(order: Order, paid_back: Iterable[tuple[UUID, Destination, int, date | None]], due: int) -> str:
    """Subject line and body. The order's tenders are loaded."""
    return render(Notice.REFUND_PAID, refund_variables(order, paid_back, due))


def refund_variables(
    order: Order, paid_back: Iterable[tuple[UUID, Destination, int, date | None]], due: int
) -> dict[str, object]:
    tenders = {tender.id: tender for tender in order.tenders}
    rows = [PaidBack(*row) for row in paid_back]
    # A tender without a token holds no money: what goes back to an invoice only lowers what it claims.
    to_tenders = [row for row in rows if row.destination == Destination.ORIGINAL]
    claims = [row for row in to_tenders if tenders[row.tender_id].type not in token_types()]
    lines = [
        {
            "amount": money.with_currency(row.amount, order.currency),
            "to": tenders[row.tender_id].name if row.destination == Destination.ORIGINAL else None,
            "is_claim": row in claims,
            "expected_by": f"{row.expected_by:%-d %B %Y}" if row.expected_by else None,
        }
        for row in rows
    ]
    paid = sum(row.amount for row in rows if row not in claims)
    total = money.with_currency(paid, order.currency) if paid else None
    return {"order": order, "paid_back": total, "lines": lines, "due": money.with_currency(due, order.currency)}


def what_failed(session: Session, order: Order, refund_id: UUID) -> dict[str, object]:
    """Of a refund whose money did not arrive, or of the refund that takes it over."""
    refund = session.get_one(Refund, refund_id)
    failed = sum(row.amount for row in rows_of_refund(session, refund) if row.status == CallStatus.DECLINED)
    return {"amount": money.with_currency(failed or refund.paid_back, order.currency)}


def what_was_paid_back(session: Session, order: Order, refund_id: UUID) -> dict[str, object]:
    """Of a stored refund: only money that the provider or a person says has gone, or is on its way."""
    session.refresh(order, ["tenders"])
    refund = session.get_one(Refund, refund_id)
    gone = [row for row in rows_of_refund(session, refund) if row.status in (CallStatus.DONE, CallStatus.PENDING)]
    by_kind = {TransactionKind.REFUND: Destination.ORIGINAL, TransactionKind.TRANSFER_OUTSIDE: Destination.OUTSIDE}
    rows = [(row.tender_id, by_kind[TransactionKind(row.kind)], row.amount, row.expected_by) for row in gone]
    return refund_variables(order, rows, bill_of(session, order).due)
