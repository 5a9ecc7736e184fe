"""The difference of an order's bill and its money."""

from collections import Counter
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.bill.read import bill_of
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.payments.ledger import Rows
from order_api.payments.models import TransactionKind
from order_api.proof.bill import Balance, Money, balance_of

DONE = frozenset({CallStatus.DONE})
MAY_BE_DONE = frozenset({CallStatus.DONE, CallStatus.REQUESTED})


def balance(session: Session, order: Order, rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Balance:
    """`statuses` are those of the captures that count as taken."""
    return balance_of(bill_of(session, order), money_of(rows, statuses))


def money_of(rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Money:
    return Money(
        captured=_by_parcel(rows, TransactionKind.CAPTURE, statuses),
        written_off=_by_parcel(rows, TransactionKind.WRITE_OFF, DONE),
    )


def _by_parcel(rows: Rows, kind: TransactionKind, statuses: frozenset[CallStatus]) -> Counter[UUID | None]:
    amounts: Counter[UUID | None] = Counter()
    for row in rows:
        if row.kind == kind and row.status in statuses:
            amounts[row.shipment_id] += row.amount
    return amounts
