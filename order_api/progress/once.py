"""Effects that a task has once, even if it is delivered several times."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.progress.models import TaskEffect


def claim_effect_once(session: Session, task_id: str, effect: str) -> bool:
    """True for the first call with this task and effect, False for every later one."""
    row = insert(TaskEffect).values(task_id=task_id, effect=effect, at=clock.now())
    return session.scalar(row.on_conflict_do_nothing().returning(TaskEffect.task_id)) is not None
