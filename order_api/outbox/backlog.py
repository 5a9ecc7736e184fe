from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.outbox.models import OutboxRow, State


def backlog(session: Session) -> dict[str, dict[str, Any]]:
    """What has not been sent, by lane. Due rows that grow old mean no relay; waiting ones are tried in vain so far,
    because the receiver is away or a flow has not come to the place that waits for them."""
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
        .where(OutboxRow.state == State.PENDING)
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
