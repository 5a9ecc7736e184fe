"""Begins the `settle` of a story with outside calls: locks the order's row, then the row of the call."""

from collections.abc import Collection
from enum import StrEnum
from typing import Generic, NamedTuple

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock
from order_api.core.outside import AnyCallRow
from order_api.orders import repository
from order_api.orders.models import Order


class Settled(NamedTuple, Generic[AnyCallRow]):
    """The order and the row, both locked, and the status that the row had before the answer."""

    order: Order
    row: AnyCallRow
    before: StrEnum


def settle_row(
    session: Session, actor: Actor, requested: AnyCallRow, status: StrEnum, unanswered: Collection[StrEnum]
) -> Settled[AnyCallRow] | None:
    """Writes down the result of the call. None if another worker already did: the row has this status, or none of the
    `unanswered` ones."""
    order = repository.get_for_update(session, actor, requested.order_id)
    row = session.get_one(type(requested), requested.id, with_for_update=True, populate_existing=True)
    before = row.status
    if before == status or before not in unanswered:
        return None
    row.status, row.settled_at = status, clock.now()
    return Settled(order, row, before)
