"""The operator's side: what has waited too long, why, and how to have it sent again."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.models import Kind, OutboxRow, State

STUCK_AFTER = timedelta(hours=1)


def stuck_rows(session: Session, limit: int = 100) -> list[OutboxRow]:
    """Rows that have waited for over an hour, oldest first: `last_error` says why."""
    query = select(OutboxRow).where(OutboxRow.state == State.PENDING, OutboxRow.created_at < clock.now() - STUCK_AFTER)
    return list(session.scalars(query.order_by(OutboxRow.id).limit(limit)))


def count_stuck(session: Session) -> dict[str, int]:
    query = (
        select(OutboxRow.kind, func.count())
        .where(OutboxRow.state == State.PENDING, OutboxRow.created_at < clock.now() - STUCK_AFTER)
        .group_by(OutboxRow.kind)
    )
    return {kind: int(number) for kind, number in session.execute(query)}


def start_row(session: Session, order_id: UUID) -> int | None:
    """Sent again, it starts the order's process anew."""
    return session.scalar(select(OutboxRow.id).where(OutboxRow.order_id == order_id, OutboxRow.kind == Kind.START))


def send_again(session: Session, row_id: int) -> bool:
    """An operator's wish: the row is due at once, whatever became of it before. False when there is no such row.

    Its tries count on: a start that may have been carried out is looked up first (J2).
    """
    row = session.get(OutboxRow, row_id, with_for_update=True)
    if row is None:
        return False
    row.state, row.due_at, row.claimed_until, row.closed_at = State.PENDING, clock.now(), None, None
    return True
