"""Ends a return of which nothing has come and nothing is paid: its units are free for another remedy."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history
from order_api.returns.errors import ReturnOver
from order_api.returns.models import Return
from order_api.returns.repository import lock
from order_api.returns.units import release_expected
from order_api.returns.words import OPEN, ReturnState
from order_api.words.events import Event


def cancel_return(session: Session, actor: Actor, number: str, reason: str) -> Return:
    """Repeating is safe. Goods that travel and arrive later join the return again. Raises ReturnOver."""
    order, return_ = lock(session, actor, number)
    if return_.state == ReturnState.CANCELED:
        return return_
    rows = [row for line in return_.lines for row in line.units]
    if return_.state not in OPEN or any(row.receipt_id or row.refund_id for row in rows):
        raise ReturnOver(f"{number} is {return_.state}, or money for it has gone back.", state=return_.state)
    return_.state, return_.ended_at = ReturnState.CANCELED, clock.now()
    for line in return_.lines:
        release_expected(session, return_, line)
    history.record(session, order, Event.RETURN_CANCELED, actor, reason=reason, subject=return_.subject)
    return return_
