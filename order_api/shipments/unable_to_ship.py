"""A warehouse or store reports that an item cannot ship; a person decides what to do."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history, repository
from order_api.orders.errors import UnitsNotOpen
from order_api.orders.models import Order, OrderItem
from order_api.progress.lock import lock_for_act
from order_api.progress.wait import end_wait
from order_api.shipments.errors import NotUnableToShip
from order_api.shipments.refuse_unsent import refuse_unsent
from order_api.shipments.repository import is_at_fulfillment
from order_api.shipments.words import UnableToShipReason
from order_api.words.events import Event

SENTENCES: dict[str, str] = {
    UnableToShipReason.DAMAGED: "The warehouse says that it is damaged.",
    UnableToShipReason.LOST: "The warehouse says that it was lost.",
    UnableToShipReason.NOT_FOUND: "The warehouse cannot find it.",
}
ANOTHER_REASON = "The warehouse cannot ship it; the order's history says why."
"""The engine gets only our own sentences; the warehouse's note stays in our database."""


def report_unable_to_ship(
    session: Session, actor: Actor, item_id: UUID, reason: str, note: str | None = None
) -> OrderItem:
    """Repeating changes nothing while the report is open."""
    order = lock_for_act(session, actor, repository.order_of_item(session, actor, item_id), Order.items)
    item = repository.item_of(order, item_id)
    if item.unable_to_ship_reason is not None:
        return item
    if not item.open_quantity:
        message = f"Line {item.line_id}: every unit has shipped or was canceled."
        raise UnitsNotOpen(message, line_id=item.line_id, shippable=0)
    refuse_unsent(session, order, [item.id])
    item.unable_to_ship_reason = reason
    details = {"note": note} if note else None
    history.record(session, order, Event.ITEM_UNABLE_TO_SHIP, actor, item_id=item.id, reason=reason, details=details)
    return item


def confirm_unable_to_ship(
    session: Session, actor: Actor, order_id: UUID, item_id: UUID
) -> str | NotUnableToShip | None:
    """Returns the reason as a sentence for the person who decides; None if the item was never handed to fulfillment.

    Answers NotUnableToShip if the report is already closed: the message was late or repeated, or all units have left
    after all.
    """
    order = lock_for_act(session, actor, order_id)
    end_wait(session, actor, order, item_id, Event.ITEM_UNABLE_TO_SHIP)
    item = repository.get_item(session, order, item_id)
    is_closed = item.unable_to_ship_reason is None or not item.open_quantity
    if is_closed and is_at_fulfillment(session, item_id):
        return NotUnableToShip(f"{item.sku}: fulfillment reports nothing.")
    reason = item.unable_to_ship_reason
    return reason and SENTENCES.get(reason, ANOTHER_REASON)
