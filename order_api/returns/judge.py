"""Stores what the tables say about the lines of a return, and tells its flow how to go on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.remedies import release_units
from order_api.core import clock
from order_api.orders import history
from order_api.orders.line_units import Units
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.returns.models import Return, ReturnLine
from order_api.returns.policy import AnswerInvalid, FeeAnswer, PolicyAnswer, Table, fees_from_table
from order_api.returns.repository import lock_for_task
from order_api.returns.window import last_day
from order_api.returns.words import OPEN, Decision, ReturnState
from order_api.stores.models import OrderCollection
from order_api.words.events import Event

Answers = Mapping[str, Mapping[str, Any]]
"""By the id of the line of the return, what the policy answered."""
Fees = Mapping[str, Sequence[Mapping[str, Any]]]
"""By the same id, the rows that the table of fees answered."""


def judge_return(session: Session, actor: Actor, subject: Subject, answers: Answers, fees: Fees) -> Decision | None:
    """The decision about the whole return; None if it is over. The first answer about a line counts, so repeating is
    safe. Refused lines leave the return; if all are refused, so is the return."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in OPEN:
        return None
    for line in return_.lines:
        if line.policy is None:
            _store(line, answers.get(str(line.id), {}), fees.get(str(line.id), ()))
    decisions = {line.id: PolicyAnswer.from_json(line.policy or {}).decision for line in return_.lines}
    for line in return_.lines:
        if decisions[line.id] == Decision.REFUSE:
            _let_go(session, return_, line)
    if set(decisions.values()) == {Decision.REFUSE}:
        return Decision.REFUSE
    decision = Decision.APPROVE if Decision.APPROVE in decisions.values() else Decision.ACCEPT
    if decision == Decision.APPROVE and return_.state == ReturnState.ANNOUNCED:
        return_.state = ReturnState.NEEDS_APPROVAL
        history.record(session, order, Event.RETURN_NEEDS_APPROVAL, actor, subject=subject, reason=_why(return_))
    return decision


def approve_return(session: Session, actor: Actor, subject: Subject) -> None:
    """Goods may come now. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in (ReturnState.ANNOUNCED, ReturnState.NEEDS_APPROVAL):
        return
    return_.state, return_.decided_at = ReturnState.EXPECTED, clock.now()
    return_.last_day = _last_day(session, order, return_)
    details = {} if return_.last_day is None else {"last_day": return_.last_day}
    history.record(session, order, Event.RETURN_APPROVED, actor, subject=subject, details=details)


def refuse_return(session: Session, actor: Actor, subject: Subject) -> None:
    """Ends a return that no table and no person allows; its units are free again. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in (ReturnState.ANNOUNCED, ReturnState.NEEDS_APPROVAL):
        return
    return_.state, return_.ended_at = ReturnState.REFUSED, clock.now()
    for line in return_.lines:
        _let_go(session, return_, line)
    history.record(session, order, Event.RETURN_REFUSED, actor, subject=subject, reason=_why(return_))


def _store(line: ReturnLine, said: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """An answer that makes no sense has the line approved by a person, who sees why."""
    policy, fees = PolicyAnswer.from_table(said), list[FeeAnswer]()
    try:
        fees = fees_from_table(rows)
    except AnswerInvalid as error:
        policy = PolicyAnswer(Decision.APPROVE, f"{Table.FEES}: {error}", version=policy.version)
    line.policy, line.fees = policy.as_json(), [fee.as_json() for fee in fees]


def _let_go(session: Session, return_: Return, line: ReturnLine) -> None:
    """Units of a line that have not come and may not are free for another remedy."""
    for row in line.units:
        if row.is_expected:
            row.released_at = clock.now()
            release_units(session, return_.cause, line.item_id, [Units.counted(*row.range)])


def _why(return_: Return) -> str | None:
    words = [PolicyAnswer.from_json(line.policy).words for line in return_.lines if line.policy is not None]
    return "; ".join(dict.fromkeys(filter(None, words))) or None


def _last_day(session: Session, order: Order, return_: Return) -> date | None:
    time_zone = session.get_one(OrderCollection, order.collection_id).properties.time_zone
    policies = [PolicyAnswer.from_json(line.policy) for line in return_.lines if line.policy is not None]
    days = [policy.days_to_arrive for policy in policies if policy.days_to_arrive is not None]
    return last_day(return_.announced_at, min(days), time_zone) if days else None
