"""A part of a refund went to the customer twice: its surplus is a person's task until it came back or is written off.

It happens outside: a payment provider makes a request that it had declined, after another was made in its place.
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Subject
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.ledger import Rows, new_reversal, rows_of
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.write_off import write_off_surplus
from order_api.progress.once import claim_effect_once
from order_api.progress.processes import begin_again, process_started_by, request_process
from order_api.progress.wait import end_wait
from order_api.refunds.models import Refund
from order_api.refunds.process import variables_of
from order_api.refunds.repository import lock_for_task
from order_api.refunds.request import follow_late_money, give_back_excess_of_closed
from order_api.refunds.tries import gone_by_part
from order_api.words.events import Event

CAME_BACK, WRITTEN_OFF = "came_back", "written_off"
LIMITS = ("refund_time_limit",)


class Surplus(NamedTuple):
    """`payments` gave a part once more; `amount` of them is owed by the customer and explained by nothing. A later
    refund may have taken less because of it, and so has explained a part."""

    payments: Rows
    amount: int

    def shares(self) -> Iterator[tuple[PaymentTransaction, int]]:
        left = self.amount
        for payment in self.payments:
            share = min(left, payment.amount)
            if share:
                yield payment, share
            left -= share


def open_task_if_paid_twice(session: Session, actor: Actor, order: Order, refund: Refund) -> None:
    """Call it after money of the refund has gone. An open task shows the new sum. Repeating is safe. The order is
    locked."""
    surplus = surplus_of(session, order, refund).amount
    if not surplus:
        return
    process = process_started_by(session, refund.number, Event.REFUND_PAID_TWICE)
    details = {"amount": surplus, "about": refund.number}
    if process is not None and process.ended_at is None:
        if history.is_recorded(session, order.id, Event.REFUND_PAID_TWICE, details):
            return
        _wake_task(session, refund)
    else:
        variables = variables_of(session, order, refund, LIMITS) | {
            "currency": order.currency,
            "refund_amount": money.to_text(refund.paid_back, order.currency),
        }
        if process is None:
            request_process(session, refund.subject, Event.REFUND_PAID_TWICE, variables)
        else:
            begin_again(session, process, variables)
    history.record(session, order, Event.REFUND_PAID_TWICE, actor, subject=refund.subject, details=details)


def follow_return(session: Session, actor: Actor, order: Order, refund: Refund) -> None:
    """The bank sent a payment of the refund back. What was written off and is no loss any more is reversed; what a
    closed order then owes goes back by a refund. An open task ends, or shows the new sum. The order is locked."""
    follow_late_money(session, actor, order, [], refund.number)
    process = process_started_by(session, refund.number, Event.REFUND_PAID_TWICE)
    if process is not None and process.ended_at is None:
        _wake_task(session, refund)


def explain_surplus(
    session: Session, actor: Actor, subject: Subject, task_id: str, decision: object, reference: object, shown: object
) -> str:
    """Books what a person has found out about the sum that the form has shown; nothing if it is another by now. Returns
    what is left of it as a decimal string, "" if nothing is. Repeating is safe."""
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, Event.REFUND_SURPLUS_CHANGED, subject=subject)
    surplus = surplus_of(session, order, refund)
    is_decided = decision in (CAME_BACK, WRITTEN_OFF) and shown == _text(surplus, order)
    if is_decided and claim_effect_once(session, task_id, "explained"):
        for payment, amount in surplus.shares():
            if decision == CAME_BACK:
                _book_return(session, actor, order, payment, amount, str(reference or ""))
            else:
                write_off_surplus(session, actor, order, payment, amount, task_id)
        give_back_excess_of_closed(session, actor, order)
        surplus = surplus_of(session, order, refund)
    process = process_started_by(session, refund.number, Event.REFUND_PAID_TWICE)
    if not surplus.amount and process is not None:
        # Known before the engine tells: money that goes twice from now on begins the process again.
        process.ended_at = process.ended_at or clock.now()
    return _text(surplus, order)


def surplus_of(session: Session, order: Order, refund: Refund) -> Surplus:
    session.flush()
    rows = rows_of(session, order.id)
    written_off = _written_off(rows)
    twice = [row for gone in gone_by_part(rows, refund.id).values() for row in gone[1:]]
    amount = sum(row.amount - written_off[row.id] for row in twice)
    sums = balance(session, order, rows, MAY_BE_DONE)
    owed = sums.outstanding - sums.to_capture - sum(sums.unpaid.values())
    return Surplus([row for row in twice if not written_off[row.id]], max(0, min(amount, owed)))


def _written_off(rows: Rows) -> Counter[UUID | None]:
    """By payment, what is written off of it and was not reversed."""
    written_off: Counter[UUID | None] = Counter()
    for row in rows:
        if row.kind == TransactionKind.WRITE_OFF:
            written_off[row.parent_id] += row.amount
        elif row.kind == TransactionKind.WRITE_OFF_REVERSED and row.parent is not None:
            written_off[row.parent.parent_id] -= row.amount
    return written_off


def _wake_task(session: Session, refund: Refund) -> None:
    wake_ups.wake(session, refund.number, Event.REFUND_SURPLUS_CHANGED, [None], refund.subject.kind)


def _book_return(
    session: Session, actor: Actor, order: Order, payment: PaymentTransaction, amount: int, reference: str
) -> None:
    new_reversal(session, order, payment, amount).reference = reference
    refund = session.get_one(Refund, payment.refund_id)
    details = {"amount": amount, "reference": reference}
    history.record(session, order, Event.REFUND_SURPLUS_CAME_BACK, actor, subject=refund.subject, details=details)


def _text(surplus: Surplus, order: Order) -> str:
    return money.to_text(surplus.amount, order.currency) if surplus.amount else ""
