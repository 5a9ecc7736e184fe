"""A person decided in a queue; the history says who, what and why."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.orders import history, repository

LONGEST_REASON = 500


def record_decision(
    session: Session,
    order_id: UUID,
    task_id: str,
    queue: str,
    user: str | None,
    decision: str | None,
    reason: str | None,
) -> None:
    """Written once per task. `user` is who the engine says completed the task in the queue."""
    person = Actor(ActorKind.STAFF, user or "unknown", collections=None)
    order = repository.get_for_update(session, person, order_id)
    known = [e for e in history.of_order(session, order_id) if e.details.get("task_id") == task_id]
    if not known:
        details: dict[str, str] = {"task_id": task_id, "queue": queue, "decision": str(decision)}
        shortened = (reason or "")[:LONGEST_REASON] or None
        history.record(session, order, "decision.taken", person, reason=shortened, **details)


