"""Stores what the tables say about the lines of a return, and tells its flow how to go on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.returns.models import Return, ReturnLine
from order_api.returns.policy import AnswerInvalid, FeeAnswer, PolicyAnswer, Table, fees_from_table
from order_api.returns.repository import lock_for_task
from order_api.returns.units import release_expected
from order_api.returns.window import last_day
from order_api.returns.words import OPEN, Decision, ReturnState
from order_api.stores.models import OrderCollection
from order_api.words.events import Event

Answers = Mapping[str, Mapping[str, Any]]
"""By the id of the line of the return, what the policy answered."""
Fees = Mapping[str, Sequence[Mapping[str, Any]]]
"""By the same id, the rows that the table of fees answered."""


def judge_return(session: Session, actor: Actor, subject: Subject, answers: Answers, fees: Fees) -> Decision | None:
    """The decision about the lines that none was taken about; None if the return is over. The first answer about a line
    counts, so repeating is safe. Refused lines are out; if all are, the answer is a refusal."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in OPEN:
        return None
    for line in return_.lines:
        if line.policy is None:
            _store(line, answers.get(str(line.id), {}), fees.get(str(line.id), ()))
        if line.is_allowed is None and _decision(line) == Decision.REFUSE:
            _refuse(session, return_, line)
    open_ = [_decision(line) for line in return_.lines if line.is_allowed is None]
    if not open_:
        return Decision.ACCEPT if any(line.is_allowed for line in return_.lines) else Decision.REFUSE
    decision = Decision.APPROVE if Decision.APPROVE in open_ else Decision.ACCEPT
    if decision == Decision.APPROVE and return_.state == ReturnState.ANNOUNCED:
        return_.state = ReturnState.NEEDS_APPROVAL
        history.record(session, order, Event.RETURN_NEEDS_APPROVAL, actor, subject=subject, reason=_why(return_))
    return decision


def approve_return(session: Session, actor: Actor, subject: Subject) -> None:
    """The goods about which the tables have answered and nothing was decided may come. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    open_ = [line for line in return_.lines if line.is_allowed is None and line.policy is not None]
    if return_.state not in OPEN or not open_:
        return
    for line in open_:
        line.is_allowed = True
    if return_.state in (ReturnState.ANNOUNCED, ReturnState.NEEDS_APPROVAL):
        return_.state = ReturnState.EXPECTED if return_.scanned_at is None else ReturnState.IN_TRANSIT
    return_.decided_at = clock.now()
    return_.last_day = return_.last_day or _last_day(session, order, return_)
    details = {} if return_.last_day is None else {"last_day": return_.last_day}
    history.record(session, order, Event.RETURN_APPROVED, actor, subject=subject, details=details)


def refuse_return(session: Session, actor: Actor, subject: Subject) -> None:
    """What neither a table nor a person has allowed may not come back, and is free again. Goods of it that are here
    already get a verdict and no money. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in OPEN:
        return
    for line in return_.lines:
        if not line.is_allowed and line.policy is not None:
            _refuse(session, return_, line)
    if any(line.is_allowed is None for line in return_.lines):
        return
    if return_.state == ReturnState.RECEIVED or any(line.is_allowed for line in return_.lines):
        return
    return_.state, return_.ended_at = ReturnState.REFUSED, clock.now()
    history.record(session, order, Event.RETURN_REFUSED, actor, subject=subject, reason=_why(return_))


def _decision(line: ReturnLine) -> Decision:
    return PolicyAnswer.from_json(line.policy).decision


def _refuse(session: Session, return_: Return, line: ReturnLine) -> None:
    line.is_allowed = False
    release_expected(session, return_, line)


def _store(line: ReturnLine, said: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """An answer that makes no sense has the line approved by a person, who sees why."""
    policy, fees = PolicyAnswer.from_table(said), list[FeeAnswer]()
    try:
        fees = fees_from_table(rows)
    except AnswerInvalid as error:
        if policy.decision != Decision.REFUSE:
            policy = replace(policy, decision=Decision.APPROVE, words=f"{Table.FEES}: {error}")
    line.policy, line.fees = policy.as_json(), [fee.as_json() for fee in fees]


def _why(return_: Return) -> str | None:
    words = [PolicyAnswer.from_json(line.policy).words for line in return_.lines if line.policy is not None]
    return "; ".join(dict.fromkeys(filter(None, words))) or None


def _last_day(session: Session, order: Order, return_: Return) -> date | None:
    time_zone = session.get_one(OrderCollection, order.collection_id).properties.time_zone
    policies = [PolicyAnswer.from_json(line.policy) for line in return_.lines if line.is_allowed]
    days = [policy.days_to_arrive for policy in policies if policy.days_to_arrive is not None]
    return last_day(return_.announced_at, min(days), time_zone) if days else None
