"""Tells a flow that waited for parcels whether all units of an item have left, and whether all have arrived."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import OrderItem
from order_api.progress.wait import end_wait
from order_api.words.events import Event


class ItemProgress(NamedTuple):
    """How far an item is; canceled units do not count."""

    all_shipped: bool
    all_delivered: bool
    all_canceled: bool
    """No unit is left to ship, and none has departed."""

    @classmethod
    def of(cls, item: OrderItem) -> "ItemProgress":
        nothing_open = not item.open_quantity
        return cls(
            nothing_open, nothing_open and not item.on_their_way_quantity, nothing_open and not item.shipped_quantity
        )


def confirm_shipment(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> ItemProgress:
    order = repository.get_for_update(session, actor, order_id)
    item = repository.get_item(session, order, item_id)
    progress = ItemProgress.of(item)
    facts = [Event.ITEM_SHIPPED]
    if progress.all_shipped:
        # No unit is open, so a report that it cannot ship needs no decision by a person.
        facts.append(Event.ITEM_UNABLE_TO_SHIP)
    end_wait(session, actor, order, item_id, *facts)
    return progress


def confirm_delivery(session: Session, actor: Actor, order_id: UUID, item_id: UUID) -> ItemProgress:
    order = repository.get_for_update(session, actor, order_id)
    item = repository.get_item(session, order, item_id)
    end_wait(session, actor, order, item_id, Event.ITEM_DELIVERED)
    return ItemProgress.of(item)
