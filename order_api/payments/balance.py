"""The difference of an order's bill and its money."""

from collections import Counter
from dataclasses import replace
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
UNDER_WAY = frozenset({CallStatus.REQUESTED, CallStatus.PENDING})
"""The gateway, or a person who pays outside, has not decided yet."""
NOT_PROMISED = frozenset({CallStatus.HELD, CallStatus.WITHDRAWN})


def balance(session: Session, order: Order, rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Balance:
    """`statuses` are those of the captures that count as taken. What refunds have promised counts as refunded: it goes
    to the customer, so no capture may keep it."""
    money = replace(money_of(rows, statuses), refunded=promised(rows))
    return balance_of(bill_of(session, order), money)


def money_of(rows: Rows, statuses: frozenset[CallStatus] = DONE) -> Money:
    """What has gone; people read it."""
    written_off = _by_parcel(rows, TransactionKind.WRITE_OFF, DONE)
    written_off.subtract(_by_parcel(rows, TransactionKind.WRITE_OFF_REVERSED, DONE))
    return Money(_by_parcel(rows, TransactionKind.CAPTURE, statuses), written_off, _given_back(rows))


def promised(rows: Rows) -> int:
    """What granted refunds give back, whether or not the money has gone: also what was declined and is owed."""
    given = sum(row.amount for row in latest_refunds(rows) if row.status not in NOT_PROMISED)
    return given - total(rows, TransactionKind.REFUND_REVERSED)


def latest_refunds(rows: Rows) -> Rows:
    """The rows that give money back. Of several tries of one refund on one capture, those that were done, and the last
    unless it is needless: it was declined, but an earlier one turned out to be done."""
    tries: dict[tuple[UUID | None, UUID | None], Rows] = {}
    for row in rows:
        if row.kind in GIVES_BACK:
            tries.setdefault((row.refund_id, row.parent_id), []).append(row)
    return [row for of_one in tries.values() for row in _counted(of_one)]


def _counted(tries: Rows) -> Rows:
    done, last = [row for row in tries if row.status == CallStatus.DONE], tries[-1]
    if last in done or (done and last.status not in UNDER_WAY):
        return done
    return [*done, last]


def _given_back(rows: Rows) -> int:
    return sum(total(rows, kind) for kind in GIVES_BACK) - total(rows, TransactionKind.REFUND_REVERSED)


def _by_parcel(rows: Rows, kind: TransactionKind, statuses: frozenset[CallStatus]) -> Counter[UUID | None]:
    amounts: Counter[UUID | None] = Counter()
    for row in rows:
        if row.kind == kind and row.status in statuses:
            amounts[row.shipment_id] += row.amount
    return amounts
