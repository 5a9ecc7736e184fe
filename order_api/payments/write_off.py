"""Gives up claiming what a parcel still owes after its capture was declined. A person with the right decided so."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus
from order_api.orders import history
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.hold import shares
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.replace import untried_replacements
from order_api.proof.bill import Balance
from order_api.words.events import Event


def write_off(session: Session, actor: Actor, order: Order, shipment_id: UUID | None, task_id: str) -> bool:
    """Books what is unpaid of the parcel (None: of every parcel) as written off, each tender its share. Calls no
    gateway: the money that the authorization still holds is released when the order closes. False, and books nothing,
    if a new means of payment is to be tried for it.

    Repeating is safe: a parcel that is written off is unpaid no more. The order is locked, its tenders are loaded.
    Raises NotYet while a capture of the order is under way.
    """
    rows = ledger.rows_of(session, order.id)
    captures = [row for row in rows if row.kind == TransactionKind.CAPTURE]
    if any(row.status == CallStatus.REQUESTED for row in captures):
        raise NotYet("The gateway has not answered a capture yet, on which it depends what each tender still pays.")
    unpaid = balance(session, order, rows, MAY_BE_DONE).unpaid
    parcels = [parcel for parcel in unpaid if shipment_id in (None, parcel)]
    if parcels and untried_replacements(order, rows):
        return False
    for parcel in parcels:
        parts = [(tender, share) for tender, share in shares(order, rows, unpaid[parcel]) if share]
        if sum(share for _, share in parts) != unpaid[parcel]:
            raise ValueError(f"{order.number}: its tenders do not cover what the parcel {parcel} still owes.")
        rows += [_book(session, actor, order, tender, parcel, share, task_id) for tender, share in parts]
    return True


def reverse_write_offs(
    session: Session, actor: Actor, order: Order, amount: int, parcels: Sequence[UUID], task_id: str
) -> None:
    """Takes back write-offs of this amount, because the bill no longer has what was written off: first those of these
    parcels, then the oldest. The order is locked, its tenders are loaded."""
    rows = ledger.rows_of(session, order.id)
    reversed_ = Counter[UUID | None]()
    for row in ledger.done(rows, TransactionKind.WRITE_OFF_REVERSED):
        reversed_[row.parent_id] += row.amount
    write_offs = ledger.done(rows, TransactionKind.WRITE_OFF)
    for row in sorted(write_offs, key=lambda each: each.shipment_id not in parcels):
        part = min(amount, row.amount - reversed_[row.id])
        if part:
            _reverse(session, actor, order, row, part, task_id)
            amount -= part
    if amount:
        raise ValueError(f"{order.number}: {amount} more was to be reversed than was written off.")


def reverse_needless_write_offs(
    session: Session, actor: Actor, order: Order, sums: Balance, parcels: Sequence[UUID], task_id: str
) -> None:
    """Takes back what was written off of money that has come after all. `sums` are the order's, with that money."""
    beyond = min(sums.written_off, max(0, sums.to_capture - sums.outstanding))
    reverse_write_offs(session, actor, order, beyond, parcels, task_id)


def write_off_surplus(
    session: Session, actor: Actor, order: Order, refund: PaymentTransaction, amount: int, task_id: str
) -> None:
    """Books as written off what of this row was given back a second time. The order is locked, its tenders are
    loaded."""
    row = _book(session, actor, order, refund.tender, None, amount, task_id)
    row.parent_id = refund.id


def _reverse(session: Session, actor: Actor, order: Order, row: PaymentTransaction, amount: int, task_id: str) -> None:
    reversal = ledger.new_row(session, order, row.tender, TransactionKind.WRITE_OFF_REVERSED, amount, task_id)
    reversal.parent, reversal.shipment_id = row, row.shipment_id
    reversal.status, reversal.settled_at = CallStatus.DONE, clock.now()
    session.flush()
    details = {"transaction_id": reversal.id, "amount": amount, "shipment_id": row.shipment_id}
    history.record(session, order, Event.PAYMENT_WRITE_OFF_REVERSED, actor, details=details)


def _book(
    session: Session, actor: Actor, order: Order, tender: Tender, parcel: UUID | None, amount: int, task_id: str
) -> PaymentTransaction:
    row = ledger.new_row(session, order, tender, TransactionKind.WRITE_OFF, amount, task_id)
    row.shipment_id, row.status, row.settled_at = parcel, CallStatus.DONE, clock.now()
    session.flush()
    details = {"transaction_id": row.id, "amount": amount, "shipment_id": parcel}
    history.record(session, order, Event.PAYMENT_WRITTEN_OFF, actor, details=details)
    return row
