"""Carries a return on after something has happened: asks for the money that is due, and says what it waits for."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.outbox.subjects import Subject
from order_api.refunds.models import Refund
from order_api.returns.due_by import refund_due_by
from order_api.returns.give_back import give_back_what_is_due, refunds_of
from order_api.returns.models import Return, ReturnUnits
from order_api.returns.policy import PolicyAnswer
from order_api.returns.repository import lock_for_task
from order_api.returns.words import OPEN, ReturnState, Verdict
from order_api.words.events import Event


class WaitsFor(StrEnum):
    """`policy`: units have joined about which nothing is decided. `refund`: one of its refunds is not granted yet.
    `over`: it has ended for another reason."""

    POLICY = "policy"
    REFUND = "refund"
    VERDICT = "verdict"
    GOODS = "goods"
    NOTHING = "nothing"
    OVER = "over"


def settle_return(session: Session, actor: Actor, subject: Subject) -> WaitsFor:
    """Repeating is safe. A return that waits for nothing more is completed. Raises NotYet while it depends on another
    act how much money goes back."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state == ReturnState.COMPLETED:
        return WaitsFor.NOTHING
    if return_.state not in OPEN:
        return WaitsFor.OVER
    give_back_what_is_due(session, actor, order, return_)
    session.flush()
    refunds = refunds_of(session, return_)
    return_.refund_due_by = refund_due_by(session, order, return_, refunds)
    waits_for = _waits_for(return_, refunds)
    if waits_for == WaitsFor.NOTHING:
        return_.state, return_.ended_at = ReturnState.COMPLETED, clock.now()
        history.record(session, order, Event.RETURN_COMPLETED, actor, subject=subject)
    return waits_for


def _waits_for(return_: Return, refunds: Sequence[Refund]) -> WaitsFor:
    if any(line.is_allowed is None for line in return_.lines):
        return WaitsFor.POLICY
    if any(refund.is_waiting for refund in refunds):
        return WaitsFor.REFUND
    rows = [row for line in return_.lines for row in line.units]
    if any(row.verdict == Verdict.PENDING for row in rows):
        return WaitsFor.VERDICT
    return WaitsFor.GOODS if any(_is_to_come(row) for row in rows) else WaitsFor.NOTHING


def _is_to_come(row: ReturnUnits) -> bool:
    return row.is_expected and not PolicyAnswer.from_json(row.line.policy).goods_kept
