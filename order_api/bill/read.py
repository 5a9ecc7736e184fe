"""Reads the bill of an order, as a whole and per line."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment, KeptWorth
from order_api.orders.models import Order
from order_api.proof.bill import Bill, Departed

Parcels = dict[UUID, Departed]
"""By shipment, in the order they left."""


def bill_of(session: Session, order: Order) -> Bill:
    amount = func.coalesce(func.sum(Adjustment.amount), 0)
    before_departure = func.coalesce(func.sum(Adjustment.amount).filter(Adjustment.is_before_departure), 0)
    query = select(amount, before_departure).where(Adjustment.order_id == order.id, Adjustment.tax_id.is_(None))
    adjusted, open_ = session.execute(query).one()
    return Bill(order.grand_total, int(adjusted), int(open_), _parcels(session, order.id))


def due_around(session: Session, order: Order, cause_id: UUID) -> tuple[int, int]:
    """What was due before and after the act that this record caused; the same if it changed nothing."""
    own = Adjustment.cause_id == cause_id
    last = select(func.max(Adjustment.sequence)).where(Adjustment.order_id == order.id, own).scalar_subquery()
    amount = func.coalesce(func.sum(Adjustment.amount), 0)
    query = select(amount, func.coalesce(func.sum(Adjustment.amount).filter(own), 0))
    until = query.where(Adjustment.order_id == order.id, Adjustment.tax_id.is_(None), Adjustment.sequence <= last)
    adjusted, of_act = session.execute(until).one()
    after = order.grand_total + int(adjusted)
    return after - int(of_act), after


def _parcels(session: Session, order_id: UUID) -> Parcels:
    values = select(KeptWorth.shipment_id, func.sum(KeptWorth.amount), func.sum(KeptWorth.remaining))
    gross = values.where(KeptWorth.order_id == order_id, KeptWorth.tax_id.is_(None)).group_by(KeptWorth.shipment_id)
    rows = session.execute(gross.order_by(func.min(KeptWorth.id)))
    return {shipment_id: Departed(int(worth), int(remaining)) for shipment_id, worth, remaining in rows}


def adjustments_of(session: Session, order_id: UUID) -> list[Adjustment]:
    """Oldest first; each gross amount is followed by the taxes within it."""
    query = select(Adjustment).where(Adjustment.order_id == order_id)
    return list(session.scalars(query.order_by(Adjustment.sequence)))


def parcels_by_line(session: Session, order_id: UUID) -> Mapping[UUID | None, Parcels]:
    """What the units of each line, with their charges, were worth in each parcel."""
    values = select(KeptWorth.item_id, KeptWorth.shipment_id, func.sum(KeptWorth.amount), func.sum(KeptWorth.remaining))
    of_lines = KeptWorth.order_id == order_id, KeptWorth.tax_id.is_(None), KeptWorth.item_id.is_not(None)
    lines: dict[UUID | None, Parcels] = defaultdict(dict)
    for item_id, shipment_id, worth, remaining in session.execute(
        values.where(*of_lines).group_by(KeptWorth.item_id, KeptWorth.shipment_id)
    ):
        lines[item_id][shipment_id] = Departed(int(worth), int(remaining))
    return lines
