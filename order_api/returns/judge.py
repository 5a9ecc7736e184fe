"""Asks the tables about each line of a return, stores what they say, and tells its flow how to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history
from order_api.orders.models import Order
from order_api.orders.repository import item_of
from order_api.outbox.subjects import Subject
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.refunds.ledgers import read_ledgers
from order_api.returns.models import Return, ReturnLine, ReturnReceipt, ReturnScan
from order_api.returns.override import Override
from order_api.returns.policy import PolicyAnswer, answers_of
from order_api.returns.process import FACTS
from order_api.returns.question import AskedLine, LineQuestion, line_questions
from order_api.returns.repository import lock_for_task
from order_api.returns.units import release_expected
from order_api.returns.why import why
from order_api.returns.words import OPEN, Decision, ReturnState
from order_api.words.events import Event


@dataclass(frozen=True)
class LineAnswer:
    """What the tables said about the line with this id. `policy` is empty if no row of it applies."""

    line: str
    policy: Mapping[str, Any]
    fees: Sequence[Mapping[str, Any]]


class Judged(StrEnum):
    """`supervisor`: a person decides. `over`: the return has ended."""

    ACCEPTED = "accepted"
    SUPERVISOR = "supervisor"
    REFUSED = "refused"
    OVER = "over"


@dataclass(frozen=True)
class Answer:
    """What follows from the answers about all lines, and the tables' words about them."""

    judged: Judged
    words: str | None = None


DECIDED = {"approve_return": Judged.ACCEPTED, "refuse_return": Judged.REFUSED}
"""What a supervisor's decision means for a flow that was started anew."""


def judge_return(session: Session, actor: Actor, subject: Subject, answer: LineAnswer | None) -> LineQuestion | Answer:
    """Stores the answer; returns the question about the next line, or what follows from all answers. The first answer
    about a line counts, so repeating is safe. Refused lines are out; if all are, so is the return."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, *FACTS, subject=subject)
    if return_.state not in OPEN:
        return Answer(Judged.OVER)
    if answer is not None:
        _store(session, return_, answer)
    unasked = next((line for line in return_.lines if line.policy is None and line.is_undecided), None)
    if unasked is not None:
        return _question(session, order, return_, unasked)
    return Answer(_follows(session, actor, order, return_), why(return_))


def _question(session: Session, order: Order, return_: Return, line: ReturnLine) -> LineQuestion:
    ranges = [row.range for row in line.units]
    item = item_of(order, line.item_id)
    asked = AskedLine(str(line.id), item, line.reason, ranges, _since(session, return_, line))
    ledgers = read_ledgers(session, order)
    [question] = line_questions(session, return_.announced_by_role, ledgers, return_.comes_by, [asked])
    return question


def _since(session: Session, return_: Return, line: ReturnLine) -> datetime:
    """Units that were not announced count by the first scan of the return, at the latest by their arrival."""
    if line.is_announced:
        return return_.announced_at
    [came_with] = {row.receipt_id for row in line.units}
    received_at = select(ReturnReceipt.received_at).where(ReturnReceipt.id == came_with).scalar_subquery()
    scanned_at = select(func.min(ReturnScan.at)).where(ReturnScan.return_id == return_.id).scalar_subquery()
    first: datetime = session.scalars(select(func.least(received_at, scanned_at))).one()
    return first


def _store(session: Session, return_: Return, answer: LineAnswer) -> None:
    """An answer that makes no sense has the line approved by a person, who sees why."""
    line = next((line for line in return_.lines if str(line.id) == answer.line), None)
    if line is None or line.policy is not None:
        return
    policy, fees = answers_of(answer.policy, answer.fees)
    if line.override is not None:
        policy, fees = Override.from_json(line.override).applied(policy, fees)
    line.policy, line.fees = policy.as_json(), [fee.as_json() for fee in fees]
    if policy.decision == Decision.REFUSE:
        line.is_allowed = False
        release_expected(session, return_, line)


def _follows(session: Session, actor: Actor, order: Order, return_: Return) -> Judged:
    open_ = [PolicyAnswer.from_json(line.policy).decision for line in return_.lines if line.is_undecided]
    if not open_:
        return Judged.ACCEPTED if any(line.is_allowed for line in return_.lines) else Judged.REFUSED
    if Decision.APPROVE not in open_:
        return Judged.ACCEPTED
    if return_.state == ReturnState.ANNOUNCED:
        return_.state = ReturnState.NEEDS_APPROVAL
        reason, subject = why(return_), return_.subject
        history.record(session, order, Event.RETURN_NEEDS_APPROVAL, actor, subject=subject, reason=reason)
    elif return_.state == ReturnState.NEEDS_APPROVAL and (taken := decision_about(session, return_.subject)):
        return DECIDED.get(taken.details["decision"], Judged.SUPERVISOR)
    return Judged.SUPERVISOR
