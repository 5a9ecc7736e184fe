"""Finds the decision that a person has already taken in a queue, so a restarted flow can bypass the queue."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders.models import OrderEvent
from order_api.outbox.subjects import Subject
from order_api.words.events import Event

NO_DECISION = "none"


def last_decision(session: Session, order_id: UUID, item_id: UUID | None, queue: str) -> str:
    """The last decision taken in the queue (the id of its user task); "" if there is none."""
    events = select(OrderEvent.details).where(OrderEvent.order_id == order_id, OrderEvent.event == Event.DECISION_TAKEN)
    of_queue = events.where(OrderEvent.item_id.is_not_distinct_from(item_id))
    of_queue = of_queue.where(OrderEvent.details.contains({"queue": queue}))
    details = session.scalar(of_queue.order_by(OrderEvent.sequence.desc()).limit(1))
    return "" if details is None or details["decision"] == NO_DECISION else str(details["decision"])


def decision_about(session: Session, subject: Subject) -> OrderEvent | None:
    """The last decision that a person took about this subject in a queue."""
    taken = OrderEvent.order_id == subject.order_id, OrderEvent.event == Event.DECISION_TAKEN
    about = OrderEvent.details.contains({"about": subject.number})
    return session.scalar(select(OrderEvent).where(*taken, about).order_by(OrderEvent.sequence.desc()).limit(1))
