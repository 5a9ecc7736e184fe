"""The time for goods of a return is over: what has not come is free again, unless its money went early."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.outbox.subjects import Subject
from order_api.progress.wait import end_wait
from order_api.returns.repository import lock_for_task
from order_api.returns.units import is_to_come, release_expected
from order_api.returns.words import OPEN, ReturnState
from order_api.words.events import Event


def expire_return(session: Session, actor: Actor, subject: Subject) -> bool:
    """Whether money went back for units that have not come: a person decides what becomes of it. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    end_wait(session, actor, order, None, subject=subject)
    if return_.state not in OPEN:
        return False
    for line in return_.lines:
        release_expected(session, return_, line)
    rows = [row for line in return_.lines for row in line.units]
    is_owed = any(is_to_come(row) for row in rows)
    if is_owed or return_.state == ReturnState.RECEIVED:
        # What came goes on; units of which nothing is paid are free.
        return is_owed
    return_.state, return_.ended_at = ReturnState.EXPIRED, clock.now()
    history.record(session, order, Event.RETURN_EXPIRED, actor, subject=subject)
    return False
