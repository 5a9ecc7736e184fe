"""What left is worth what was stored when it left (R4, R10); captures and documents sum that and recompute nothing."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import Session

from order_api.orders.line_units import Units
from order_api.orders.models import KeptWorth, Order, OrderCharge, OrderItem, OrderTax
from order_api.proof.worth import Charge, Departing, Line, worth_of_parcel

Taxes = Mapping[UUID, Mapping[UUID, int]]
"""Amounts by the id of the line or charge, and by the id of the tax."""


def keep_worth(session: Session, order: Order, shipment_id: UUID, parcel: Sequence[tuple[OrderItem, Units]]) -> None:
    """Stores what units are worth that leave for the first time, with the charges that leave with them.

    The caller locks the order row.
    """
    item_ids = {item.id for item, _ in parcel}
    taxes = _taxes(session, order.id, item_ids)
    charges = _charges(session, order.id, item_ids, taxes)
    departing = [Departing(_line(item, taxes), units.first, units.count) for item, units in parcel]
    worth = worth_of_parcel(departing, charges, _departed(session, order.id), tax_included=order.tax_included)
    of_shipment = {"order_id": order.id, "shipment_id": shipment_id}
    session.execute(insert(KeptWorth), [of_shipment | vars(part) for part in worth])


def value_by_shipment(session: Session, order_id: UUID) -> dict[UUID, int]:
    """What to capture for each shipment, in the order they left."""
    values = select(KeptWorth.shipment_id, func.sum(KeptWorth.amount)).where(KeptWorth.order_id == order_id)
    rows = session.execute(values.group_by(KeptWorth.shipment_id).order_by(func.min(KeptWorth.id)))
    return {shipment_id: int(amount) for shipment_id, amount in rows}


def _line(item: OrderItem, taxes: Taxes) -> Line:
    return Line(item.id, item.amount_after_discounts, taxes[item.id], item.quantity, item.ship_group_id)


def _charges(session: Session, order_id: UUID, item_ids: Collection[UUID], taxes: Taxes) -> list[Charge]:
    owner_id = func.coalesce(OrderCharge.item_id, OrderCharge.ship_group_id)
    rows = session.execute(
        select(OrderCharge.id, OrderCharge.amount_after_discounts, owner_id).where(_may_leave(order_id, item_ids))
    )
    return [Charge(id_, amount, taxes[id_], owner) for id_, amount, owner in rows]


def _taxes(session: Session, order_id: UUID, item_ids: Collection[UUID]) -> Taxes:
    charges = select(OrderCharge.id).where(_may_leave(order_id, item_ids))
    of_these = or_(OrderTax.item_id.in_(item_ids), OrderTax.charge_id.in_(charges))
    owner_id = func.coalesce(OrderTax.item_id, OrderTax.charge_id)
    taxes: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = session.execute(
        select(owner_id, OrderTax.id, OrderTax.amount).where(OrderTax.order_id == order_id, of_these)
    )
    for owner, tax_id, amount in rows:
        taxes[owner][tax_id] = amount
    return taxes


def _may_leave(order_id: UUID, item_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Charges of these lines, of any ship group and of the order: a line has many, the others are few."""
    of_these = or_(OrderCharge.item_id.in_(item_ids), OrderCharge.item_id.is_(None))
    return and_(OrderCharge.order_id == order_id, of_these)


def _departed(session: Session, order_id: UUID) -> set[UUID]:
    """Charges of ship groups and of the order that left with an earlier shipment."""
    whole = select(KeptWorth.charge_id).where(KeptWorth.order_id == order_id, KeptWorth.item_id.is_(None))
    return {charge_id for charge_id in session.scalars(whole.distinct()) if charge_id is not None}
