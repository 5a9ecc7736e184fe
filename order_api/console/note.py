"""Write a note: the form is on the order's page, beside the notes."""

from typing import Any
from uuid import UUID

from flask import redirect, url_for
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.console.action import action
from order_api.console.order import show_order
from order_api.console.site import blueprint
from order_api.orders.note import lock_and_add_note
from order_api.orders.schemas import NoteBody


@action(
    "/orders/<uuid:order_id>/note",
    label="Write a note",
    needs=Permission.WRITE_NOTES,
    body=NoteBody,
    form_at="console.order#note",
    render=show_order,
    success_message="The note is written.",
)
def note(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> None:
    lock_and_add_note(session, actor, order_id, body["text"])


@blueprint.get("/orders/<uuid:order_id>/note")
def note_form(order_id: UUID) -> Any:
    """The browser comes here when a person reloads the page of a refused note."""
    return redirect(url_for("console.order", order_id=order_id, _anchor="note"))
