"""A warehouse or store reports that an item cannot ship; a person decides what to do."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import history, repository
from order_api.orders.errors import UnitsNotOpen
from order_api.orders.models import Order, OrderItem
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.wait import end_wait
from order_api.shipments.refuse_unsent import refuse_unsent
from order_api.shipments.repository import is_at_fulfillment
from order_api.shipments.words import UnableToShipReason
from order_api.words.events import Event

SENTENCES: dict[str, str] = {
    UnableToShipReason.DAMAGED: "The warehouse says that the item is damaged.",
    UnableToShipReason.LOST: "The warehouse says that the item was lost.",
    UnableToShipReason.NOT_FOUND: "The warehouse cannot find the item.",
}
ANOTHER_REASON = "The warehouse cannot ship the item; the order's history says why."
"""The engine gets only our own sentences; the warehouse's note stays in our database."""


def report_unable_to_ship(
    session: Session, actor: Actor, item_id: UUID, reason: str, note: str | None = None
) -> OrderItem:
    """Repeating changes nothing while the report is open."""
    order_id = repository.order_id_of_item(session, actor, item_id)
    order = repository.get_for_update(session, actor, order_id, Order.items)
    require_open(order)
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


class Report(NamedTuple):
    """Whether an item cannot ship, and the reason as a sentence for the person who decides. The flow itself knows the
    reason for an item that was never handed to fulfillment."""

    stands: bool
    reason: str | None


def confirm_unable_to_ship(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> Report:
    """The report no longer stands if it is closed: the message was late or repeated, or all units have left after
    all."""
    order = lock_for_task(session, actor, order_id)
    end_wait(session, actor, order, item_id, Event.ITEM_UNABLE_TO_SHIP, Event.ITEM_SHIPPED)
    item = repository.get_item(session, order, item_id)
    if not item.open_quantity:
        return Report(stands=False, reason=None)
    reason = item.unable_to_ship_reason
    if reason is None:
        return Report(stands=not is_at_fulfillment(session, item_id), reason=None)
    return Report(stands=True, reason=SENTENCES.get(reason, ANOTHER_REASON))
