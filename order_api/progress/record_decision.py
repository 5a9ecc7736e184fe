"""A person decided in a queue; the history says who, what and why."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, ActorKind
from order_api.access.models import User
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.progress.overdue import end_wait
from order_api.words.events import Event

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
) -> str:
    """The decision that counts, as text. None ("") brings the task back: the queues show the orders of all
    collections, and some of our staff may see those of a few.

    Written once per task. `user` is who the engine says completed the task in the queue; None if nobody did, for an
    operator may move the token past it. `decision` and `reason` may be anything: they come from outside.
    """
    person = Actor(ActorKind.STAFF, user or "unknown", collections=None)
    order = repository.get_for_update(session, person, order_id)
    if item_id is not None:
        repository.get_item(session, order, item_id)
    end_wait(session, person, order, item_id)
    may_decide = _may_see(session, user, order)
    event = Event.DECISION_TAKEN if may_decide else Event.DECISION_REFUSED
    if not history.is_recorded(session, order_id, event, task_id=task_id):
        details: dict[str, Any] = {"task_id": task_id, "queue": queue, "decision": _text(decision) or "none"}
        history.record(session, order, event, person, reason=_text(reason), **details)
    return "" if decision is None or not may_decide else str(decision)


def _may_see(session: Session, user: str | None, order: Order) -> bool:
    """Whom we do not know the engine does: its administrators may decide too."""
    known = session.scalar(select(User).where(User.username == user))
    return known is None or known.may_see(order.collection_id)


def _text(value: Any) -> str | None:
    """PostgreSQL stores no NUL."""
    return None if value in (None, "") else str(value).replace("\x00", "")[:LONGEST_TEXT]
