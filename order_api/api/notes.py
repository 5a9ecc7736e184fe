"""Notes that people write on an order."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders.models import OrderNote
from order_api.orders.note import lock_and_add_note
from order_api.orders.schemas import NoteBody
from order_api.orders.version import require_version
from order_api.overview.document import NoteAnswer

blueprint = Blueprint("notes", __name__, url_prefix="/v1/orders", description="Write notes on an order.")


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/notes",
    needs=Permission.WRITE_NOTES,
    body=NoteBody,
    answer=(201, NoteAnswer),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
)
def note(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> OrderNote:
    """Write a note on an order"""
    return lock_and_add_note(session, actor, order_id, body["text"])
