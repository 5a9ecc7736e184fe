"""Effects that a task has once, even if it is delivered several times."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import AppliedStatus


def mark_applied_once(session: Session, task_id: str, phase: str) -> bool:
    """True for the first call with this task and phase, False for every later one."""
    row = insert(AppliedStatus).values(task_id=task_id, phase=phase, at=clock.now())
    return session.scalar(row.on_conflict_do_nothing().returning(AppliedStatus.task_id)) is not None
