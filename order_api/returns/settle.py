"""Carries a return on after something has happened: asks for the money that is due, and says what it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.errors import NotYet
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.wait import end_wait
from order_api.refunds.models import Refund
from order_api.returns.deadlines import expires_at, overdue_at, remind_at
from order_api.returns.due_by import refund_due_by
from order_api.returns.give_back import give_back_what_is_due, is_unpaid, refunds_of
from order_api.returns.models import Return, ReturnReceipt
from order_api.returns.process import FACTS
from order_api.returns.repository import lock_for_task
from order_api.returns.take_unseen import take_unseen
from order_api.returns.units import is_to_come
from order_api.returns.words import OPEN, ReturnState, Verdict
from order_api.words.events import Event


class WaitsFor(StrEnum):
    """`policy`: units have joined about which nothing is decided. `refund`: one of its refunds is not decided yet.
    `unpaid`: one was refused or canceled. `unknown`: goods came that no unit of the order accounts for. `over`: it has
    ended for another reason."""

    POLICY = "policy"
    REFUND = "refund"
    UNPAID = "unpaid"
    UNKNOWN = "unknown"
    VERDICT = "verdict"
    GOODS = "goods"
    NOTHING = "nothing"
    OVER = "over"


@dataclass(frozen=True)
class Settled:
    """What a return waits for, and when its waits end: for goods, with a reminder before, or for a person."""

    waits_for: WaitsFor
    expires_at: datetime
    remind_at: datetime
    overdue_at: datetime
    to_judge: int
    """How many units wait for a verdict."""
    unknown: str
    """Goods of no unit of the order, in words."""


def settle_return(session: Session, actor: Actor, subject: Subject) -> Settled:
    """Repeating is safe. A return that waits for nothing more is completed. Raises NotYet while it depends on another
    act how much money goes back."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, *FACTS, subject=subject)
    waits_for = _carry_on(session, actor, order, return_)
    unknown = "; ".join(str(receipt.unknown) for receipt in unknown_goods(session, return_))
    rows = [row for line in return_.lines for row in line.units]
    to_judge = sum(row.quantity for row in rows if row.verdict == Verdict.PENDING)
    until = expires_at(session, order, return_)
    remind = remind_at(session, order, until)
    return Settled(waits_for, until, remind, overdue_at(session, order, return_), to_judge, unknown)


def _carry_on(session: Session, actor: Actor, order: Order, return_: Return) -> WaitsFor:
    if return_.state == ReturnState.COMPLETED:
        return WaitsFor.NOTHING
    if return_.state not in OPEN:
        return WaitsFor.OVER
    take_unseen(session, order, return_)
    postponed = None
    try:
        give_back_what_is_due(session, actor, order, return_)
    except NotYet as wait:
        postponed = wait
    session.flush()
    refunds = refunds_of(session, return_)
    return_.refund_due_by = refund_due_by(session, order, return_, [each for each in refunds if not each.is_waiting])
    waits_for = _waits_for(session, return_, refunds)
    if postponed is not None and waits_for in (WaitsFor.GOODS, WaitsFor.NOTHING):
        # A person or a table acts first at the other waits, and then the money is tried again.
        raise postponed
    if waits_for == WaitsFor.NOTHING:
        return_.state, return_.ended_at = ReturnState.COMPLETED, clock.now()
        history.record(session, order, Event.RETURN_COMPLETED, actor, subject=return_.subject)
    return waits_for


def _waits_for(session: Session, return_: Return, refunds: Sequence[Refund]) -> WaitsFor:
    if any(line.is_undecided for line in return_.lines):
        return WaitsFor.POLICY
    if any(refund.is_waiting for refund in refunds):
        return WaitsFor.REFUND
    rows = [row for line in return_.lines for row in line.units]
    if any(is_unpaid(row, refunds) for row in rows):
        return WaitsFor.UNPAID
    if unknown_goods(session, return_):
        return WaitsFor.UNKNOWN
    if any(row.verdict == Verdict.PENDING for row in rows):
        return WaitsFor.VERDICT
    return WaitsFor.GOODS if any(is_to_come(row) for row in rows) else WaitsFor.NOTHING


def unknown_goods(session: Session, return_: Return) -> list[ReturnReceipt]:
    """Receipts with goods that a person has to deal with."""
    own = ReturnReceipt.return_id == return_.id, ReturnReceipt.unknown.is_not(None), ReturnReceipt.looked_at.is_(None)
    return list(session.scalars(select(ReturnReceipt).where(*own).order_by(ReturnReceipt.received_at)))
