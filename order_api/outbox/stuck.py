"""For operators: finds rows that waited too long or were given up, and sends them again."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.lanes import lane_of
from order_api.outbox.models import OutboxRow, RowKind, RowState

STUCK_AFTER = timedelta(hours=1)


def _is_stuck() -> ColumnElement[bool]:
    waits_long = and_(OutboxRow.state == RowState.PENDING, OutboxRow.created_at < clock.now() - STUCK_AFTER)
    return or_(waits_long, OutboxRow.state == RowState.GIVEN_UP)


def stuck_rows(session: Session, limit: int = 100) -> list[OutboxRow]:
    """Rows that have waited for over an hour and rows given up, oldest first: `last_error` says why."""
    return list(session.scalars(select(OutboxRow).where(_is_stuck()).order_by(OutboxRow.id).limit(limit)))


def count_stuck(session: Session) -> dict[str, int]:
    """How many rows are stuck, by lane."""
    query = select(OutboxRow.lane, func.count()).where(_is_stuck()).group_by(OutboxRow.lane)
    return {lane: int(number) for lane, number in session.execute(query)}


def start_row(session: Session, business_key: str, process: str) -> int | None:
    """The row that restarts this process of the subject when it is sent again."""
    starts = select(OutboxRow.id).where(OutboxRow.business_key == business_key, OutboxRow.kind == RowKind.START)
    return session.scalar(starts.where(OutboxRow.process == process).order_by(OutboxRow.id.desc()).limit(1))


def send_again(session: Session, row_id: int) -> bool:
    """Makes the row due at once, in any state. False if there is no such row.

    Keeps its number of tries, so a start that may have been carried out is looked up first (J2).
    """
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None:
        return False
    now = clock.now()
    row.state, row.due_at, row.claimed_until, row.closed_at = RowState.PENDING, now, None, None
    row.give_up_at = now + lane_of(row.lane).give_up_after
    return True
