"""The time for goods of a return is over: what has not come is free again, unless its money went early."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.remedies import release_units
from order_api.core import clock
from order_api.orders import history
from order_api.orders.line_units import Units
from order_api.outbox.subjects import Subject
from order_api.returns.models import Return
from order_api.returns.repository import lock_for_task
from order_api.returns.words import OPEN, ReturnState
from order_api.words.events import Event


def expire_return(session: Session, actor: Actor, subject: Subject) -> bool:
    """Whether money went back for units that have not come: a person decides what becomes of it. Repeating is safe."""
    order, return_ = lock_for_task(session, actor, subject)
    if return_.state not in OPEN:
        return False
    is_owed = _let_go(session, return_)
    if is_owed or return_.state == ReturnState.RECEIVED:
        # What came goes on; units of which nothing is paid are free.
        return is_owed
    return_.state, return_.ended_at = ReturnState.EXPIRED, clock.now()
    history.record(session, order, Event.RETURN_EXPIRED, actor, subject=subject)
    return False


def _let_go(session: Session, return_: Return) -> bool:
    """Whether expected units stay, because they are paid for."""
    is_owed = False
    for line in return_.lines:
        for row in line.units:
            if row.is_expected and row.refund_id is None:
                row.released_at = clock.now()
                release_units(session, return_.cause, line.item_id, [Units.counted(*row.range)])
            elif row.is_expected:
                is_owed = True
    return is_owed
