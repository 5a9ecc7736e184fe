"""What a task does once, however often it is delivered."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import AppliedStatus


def mark_applied_once(session: Session, task_id: str, phase: str) -> bool:
    """True for the first caller of this task and phase; a later or repeated worker gets False."""
    row = insert(AppliedStatus).values(task_id=task_id, phase=phase, at=clock.now())
    return session.scalar(row.on_conflict_do_nothing().returning(AppliedStatus.task_id)) is not None
