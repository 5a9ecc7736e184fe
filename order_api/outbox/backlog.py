from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.models import OutboxRow, RowState


def backlog(session: Session) -> dict[str, dict[str, Any]]:
    """Pending rows by lane. Rows that have been due for a long time mean that no relay runs. Rows that are not due were
    tried without success: the receiver is down, or the flow has not reached its wait yet."""
    now = clock.now()
    is_due = OutboxRow.due_at <= now
    query = (
        select(
            OutboxRow.lane,
            func.count(),
            func.min(OutboxRow.created_at),
            func.count().filter(is_due),
            func.min(OutboxRow.due_at).filter(is_due),
        )
        .where(OutboxRow.state == RowState.PENDING)
        .group_by(OutboxRow.lane)
    )
    return {
        lane: {
            "waiting": waiting,
            "oldest_seconds": round((now - oldest).total_seconds(), 1),
            "due": due,
            "oldest_due_seconds": round((now - oldest_due).total_seconds(), 1) if due else None,
        }
        for lane, waiting, oldest, due, oldest_due in session.execute(query)
    }
