"""A person decided in a queue; the history says who, what and why."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.orders import history, repository
from order_api.orders.overdue import end_wait

LONGEST_TEXT = 500


def record_decision(
    session: Session,
    order_id: UUID,
    item_id: UUID | None,
    task_id: str,
    queue: str,
    user: str | None,
    decision: Any,
    reason: Any,
) -> None:
    """Written once per task. `user` is who the engine says completed the task in the queue; None if nobody did.

    `decision` and `reason` may be anything: they come from outside, and are only shown.
    """
    person = Actor(ActorKind.STAFF, user or "unknown", collections=None)
    order = repository.get_for_update(session, person, order_id)
    if item_id is not None:
        repository.get_item(session, order, item_id)
    end_wait(session, person, order, item_id)
    if not history.is_recorded(session, order_id, "decision.taken", task_id=task_id):
        details: dict[str, Any] = {"task_id": task_id, "queue": queue, "decision": _text(decision) or "none"}
        history.record(session, order, "decision.taken", person, reason=_text(reason), **details)


def _text(value: Any) -> str | None:
    """PostgreSQL stores no NUL."""
    return None if value in (None, "") else str(value).replace("\x00", "")[:LONGEST_TEXT]
