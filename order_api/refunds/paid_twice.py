"""A part of a refund went to the customer twice: its surplus is a person's task until it came back or is written off.

It happens outside: a payment provider makes a request that it had declined, after another was made in its place.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Subject
from order_api.payments.ledger import Rows, new_reversal, rows_of
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.write_off import reverse_rest, write_off_surplus
from order_api.progress.processes import begin_again, process_started_by, request_process
from order_api.progress.wait import end_wait
from order_api.refunds.models import Refund
from order_api.refunds.process import variables_of
from order_api.refunds.repository import lock_for_task
from order_api.refunds.tries import gone_by_part
from order_api.words.events import Event

CAME_BACK, WRITTEN_OFF = "came_back", "written_off"
LIMITS = ("refund_time_limit",)


def open_task_if_paid_twice(session: Session, actor: Actor, order: Order, refund: Refund) -> None:
    """Call it after money of the refund has gone. Repeating is safe. The order is locked."""
    surplus = sum(row.amount for row in surplus_of(rows_of(session, order.id), refund.id))
    process = process_started_by(session, refund.number, Event.REFUND_PAID_TWICE)
    if not surplus or (process is not None and process.ended_at is None):
        return
    variables = variables_of(session, order, refund, LIMITS) | {
        "currency": order.currency,
        "refund_amount": money.to_text(refund.paid_back, order.currency),
    }
    if process is None:
        request_process(session, refund.subject, Event.REFUND_PAID_TWICE, variables)
    else:
        begin_again(session, process, variables)
    details = {"amount": surplus}
    history.record(session, order, Event.REFUND_PAID_TWICE, actor, subject=refund.subject, details=details)


def follow_return(session: Session, actor: Actor, order: Order, refund: Refund, *, ends_task: bool) -> None:
    """The bank sent a payment of the refund back. What was written off of a part that has gone only once by now is
    reversed. `ends_task` says that a task about the refund was open. The order is locked, its tenders are loaded."""
    rows = rows_of(session, order.id)
    for capture_id, gone in gone_by_part(rows, refund.id).items():
        if len(gone) < 2:
            for write_off in _write_offs(rows, refund.id, capture_id):
                reverse_rest(session, actor, order, rows, write_off, refund.number)
    if ends_task:
        wake_ups.wake(session, refund.number, Event.REFUND_SURPLUS_GONE, [None], refund.subject.kind)


def explain_surplus(
    session: Session, actor: Actor, subject: Subject, decision: object, reference: object, task_id: str
) -> str:
    """Books what a person has found out about it. Returns what is left of it as a decimal string, "" if nothing is.
    Repeating is safe: what is explained is no surplus any more."""
    order, refund = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, Event.REFUND_SURPLUS_GONE, subject=subject)
    for row in surplus_of(rows_of(session, order.id), refund.id):
        if decision == CAME_BACK:
            _book_return(session, actor, order, refund, row, str(reference or ""))
        elif decision == WRITTEN_OFF:
            write_off_surplus(session, actor, order, row, task_id)
    left = sum(row.amount for row in surplus_of(rows_of(session, order.id), refund.id))
    process = process_started_by(session, refund.number, Event.REFUND_PAID_TWICE)
    if not left and process is not None:
        # Known before the engine tells: money that goes twice from now on begins the process again.
        process.ended_at = process.ended_at or clock.now()
    return money.to_text(left, order.currency) if left else ""


def surplus_of(rows: Rows, refund_id: UUID) -> Rows:
    """The payments that gave a part of the refund once more, and that nobody has explained."""
    explained = {row.parent_id for row in rows if row.kind == TransactionKind.WRITE_OFF}
    surplus = []
    for gone in gone_by_part(rows, refund_id).values():
        surplus += [row for row in gone if row.id not in explained][1:]
    return surplus


def _write_offs(rows: Rows, refund_id: UUID, capture_id: UUID | None) -> Rows:
    """Those of what a part of the refund gave back twice."""
    written_off = [row for row in rows if row.kind == TransactionKind.WRITE_OFF and row.parent is not None]
    return [r for r in written_off if r.parent and (r.parent.refund_id, r.parent.parent_id) == (refund_id, capture_id)]


def _book_return(
    session: Session, actor: Actor, order: Order, refund: Refund, row: PaymentTransaction, reference: str
) -> None:
    back = new_reversal(session, order, row)
    back.reference = reference
    details = {"amount": row.amount, "reference": reference}
    history.record(session, order, Event.REFUND_SURPLUS_CAME_BACK, actor, subject=refund.subject, details=details)
