"""Write and read the notes of an order."""

from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order, OrderNote
from order_api.words.events import Event


def add_note(session: Session, order: Order, actor: Actor, text: str) -> OrderNote:
    note = OrderNote(id=uuid4(), order_id=order.id, text=text, author=actor.id, at=clock.now())
    session.add(note)
    history.record(session, order, Event.NOTE_ADDED, actor, details={"note_id": note.id})
    return note


def lock_and_add_note(session: Session, actor: Actor, order_id: UUID, text: str) -> OrderNote:
    return add_note(session, repository.get_for_update(session, actor, order_id), actor, text)


def notes_of(session: Session, order_id: UUID) -> list[OrderNote]:
    query = select(OrderNote).where(OrderNote.order_id == order_id).order_by(OrderNote.at, OrderNote.id)
    return list(session.scalars(query))
