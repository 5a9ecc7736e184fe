"""Allows or refuses what comes back, as the tables or a person decided."""

from datetime import date

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.progress.decided import decision_about
from order_api.progress.wait import end_wait
from order_api.returns.models import Return
from order_api.returns.policy import PolicyAnswer
from order_api.returns.repository import lock_for_task
from order_api.returns.units import release_expected
from order_api.returns.why import why
from order_api.returns.window import last_day
from order_api.returns.words import OPEN, ReturnState
from order_api.stores.models import OrderCollection
from order_api.words.events import Event


def approve_return(session: Session, actor: Actor, subject: Subject) -> None:
    """The goods about which the tables have answered and nothing was decided may come. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    open_ = [line for line in return_.lines if line.is_allowed is None and line.policy is not None]
    if return_.state not in OPEN or not open_:
        return
    for line in open_:
        line.is_allowed = True
    _note_who(session, return_)
    if return_.state in (ReturnState.ANNOUNCED, ReturnState.NEEDS_APPROVAL):
        return_.state = ReturnState.EXPECTED if return_.scanned_at is None else ReturnState.IN_TRANSIT
    return_.last_day = return_.last_day or _last_day(session, order, return_)
    details = {} if return_.last_day is None else {"last_day": return_.last_day}
    reason = return_.decision_reason
    history.record(session, order, Event.RETURN_APPROVED, actor, reason=reason, subject=subject, details=details)


def refuse_return(session: Session, actor: Actor, subject: Subject) -> None:
    """What neither a table nor a person has allowed may not come back, and is free again. Goods of it that are here
    already get a verdict and no money. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if return_.state not in OPEN:
        return
    is_decided = any(line.is_allowed is None and line.policy is not None for line in return_.lines)
    for line in return_.lines:
        if not line.is_allowed and line.policy is not None:
            line.is_allowed = False
            release_expected(session, return_, line)
    if is_decided:
        _note_who(session, return_)
    if any(line.is_allowed is None for line in return_.lines):
        return
    if return_.state == ReturnState.RECEIVED or any(line.is_allowed for line in return_.lines):
        return
    return_.state, return_.ended_at = ReturnState.REFUSED, clock.now()
    reason = return_.decision_reason or why(return_)
    history.record(session, order, Event.RETURN_REFUSED, actor, subject=subject, reason=reason)


def _note_who(session: Session, return_: Return) -> None:
    return_.decided_at = clock.now()
    if (decision := decision_about(session, return_.subject)) is not None:
        return_.decided_by, return_.decision_reason = decision.actor_id, decision.reason


def _last_day(session: Session, order: Order, return_: Return) -> date | None:
    time_zone = session.get_one(OrderCollection, order.collection_id).properties.time_zone
    policies = [PolicyAnswer.from_json(line.policy) for line in return_.lines if line.is_allowed]
    days = [policy.days_to_arrive for policy in policies if policy.days_to_arrive is not None]
    return last_day(return_.announced_at, min(days), time_zone) if days else None
