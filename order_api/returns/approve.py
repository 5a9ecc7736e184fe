"""Allows or refuses what comes back, as the tables or a person decided."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.returns.deadlines import after
from order_api.returns.models import Return, ReturnLine
from order_api.returns.policy import PolicyAnswer
from order_api.returns.repository import lock_for_task
from order_api.returns.units import release_expected
from order_api.returns.why import why
from order_api.returns.window import last_day
from order_api.returns.words import OPEN, Decision, ReturnState
from order_api.stores.models import OrderCollection
from order_api.words.events import Event

DECISIONS = ("approve_return", "refuse_return")
"""What people decide about the whole return."""


def approve_return(session: Session, actor: Actor, subject: Subject) -> None:
    """The goods about which the tables have answered and nothing was decided may come. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if return_.state in OPEN:
        _allow(session, actor, order, return_, [line for line in return_.lines if _is_open(line)])


def _is_open(line: ReturnLine) -> bool:
    return line.is_undecided and line.policy is not None


def _allow(session: Session, actor: Actor, order: Order, return_: Return, lines: Sequence[ReturnLine]) -> None:
    if not lines:
        return
    for line in lines:
        line.is_allowed = True
    _note_who(session, return_)
    if return_.state in (ReturnState.ANNOUNCED, ReturnState.NEEDS_APPROVAL):
        return_.state = ReturnState.EXPECTED if return_.scanned_at is None else ReturnState.IN_TRANSIT
    return_.last_day = return_.last_day or _last_day(session, order, return_)
    details, reason = {"last_day": return_.last_day}, return_.decision_reason
    history.record(
        session, order, Event.RETURN_APPROVED, actor, reason=reason, subject=return_.subject, details=details
    )


def refuse_return(session: Session, actor: Actor, subject: Subject) -> None:
    """What a table refuses or asks a person about may not come back, and is free again; what it accepts may. Goods that
    are here already get a verdict and no money. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if return_.state not in OPEN:
        return
    open_ = [line for line in return_.lines if _is_open(line)]
    accepted = [line for line in open_ if PolicyAnswer.from_json(line.policy).decision == Decision.ACCEPT]
    for line in open_:
        if line not in accepted:
            line.is_allowed = False
            release_expected(session, return_, line)
    _allow(session, actor, order, return_, accepted)
    if open_:
        _note_who(session, return_)
    if any(line.is_undecided for line in return_.lines):
        return
    if return_.state == ReturnState.RECEIVED or any(line.is_allowed for line in return_.lines):
        return
    return_.state, return_.ended_at = ReturnState.REFUSED, clock.now()
    reason = return_.decision_reason or why(return_)
    history.record(session, order, Event.RETURN_REFUSED, actor, subject=subject, reason=reason)


def _note_who(session: Session, return_: Return) -> None:
    return_.decided_at = clock.now()
    decision = decision_about(session, return_.subject)
    if decision is not None and decision.details["decision"] in DECISIONS:
        return_.decided_by, return_.decision_reason = decision.actor_id, decision.reason


def _last_day(session: Session, order: Order, return_: Return) -> date:
    properties = session.get_one(OrderCollection, order.collection_id).properties
    policies = [PolicyAnswer.from_json(line.policy) for line in return_.lines if line.is_allowed]
    days = [policy.days_to_arrive for policy in policies if policy.days_to_arrive is not None]
    if days:
        return last_day(return_.announced_at, min(days), properties.time_zone)
    return last_day(after(return_.announced_at, properties.return_time_limit), 0, properties.time_zone)
