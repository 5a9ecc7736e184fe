"""The difference of an order's bill and its money."""

from collections import Counter
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.bill.read import bill_of
from order_api.core.outside import CallStatus
from order_api.orders.models import Order
from order_api.payments.ledger import Rows, total
from order_api.payments.models import GIVES_BACK, TransactionKind
from order_api.proof.bill import Balance, Money, balance_of

DONE = frozenset({CallStatus.DONE})
MAY_BE_DONE = frozenset({CallStatus.DONE, CallStatus.REQUESTED})
NOT_PROMISED = frozenset({CallStatus.HELD, CallStatus.WITHDRAWN})


def balance(session: Session, order: Order, rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Balance:
    """`statuses` are those of the captures that count as taken. With MAY_BE_DONE, what refunds have promised counts as
    refunded, because no capture may take it again."""
    return balance_of(bill_of(session, order), money_of(rows, statuses))


def money_of(rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Money:
    written_off = _by_parcel(rows, TransactionKind.WRITE_OFF, DONE)
    written_off.subtract(_by_parcel(rows, TransactionKind.WRITE_OFF_REVERSED, DONE))
    refunded = promised(rows) if statuses is MAY_BE_DONE else _given_back(rows)
    return Money(_by_parcel(rows, TransactionKind.CAPTURE, statuses), written_off, refunded)


def promised(rows: Rows) -> int:
    """What granted refunds give back, whether or not the money has gone: also what was declined and is owed."""
    given = sum(row.amount for row in latest_refunds(rows) if row.status not in NOT_PROMISED)
    return given - total(rows, TransactionKind.REFUND_REVERSED)


def latest_refunds(rows: Rows) -> Rows:
    """The rows that give money back. Of several tries of one refund on one capture, the last."""
    return list({(row.refund_id, row.parent_id): row for row in rows if row.kind in GIVES_BACK}.values())


def _given_back(rows: Rows) -> int:
    return sum(total(rows, kind) for kind in GIVES_BACK) - total(rows, TransactionKind.REFUND_REVERSED)


def _by_parcel(rows: Rows, kind: TransactionKind, statuses: frozenset[CallStatus]) -> Counter[UUID | None]:
    amounts: Counter[UUID | None] = Counter()
    for row in rows:
        if row.kind == kind and row.status in statuses:
            amounts[row.shipment_id] += row.amount
    return amounts
