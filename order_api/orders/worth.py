"""Stores the worth of shipped units once, when they leave (R4, R10). Captures and documents only sum it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from order_api.orders.line_units import Units
from order_api.orders.models import KeptWorth, Order, OrderCharge, OrderItem, OrderTax, UnitRange
from order_api.proof.worth import Charge, Departing, Line, worth_of_parcel

ItemId = InstrumentedAttribute[UUID | None]
Taxes = Mapping[UUID, Mapping[UUID, int]]
"""Amounts by the id of the line or charge, then by the id of the tax."""


def keep_worth(session: Session, order: Order, shipment_id: UUID, parcel: Sequence[tuple[OrderItem, Units]]) -> None:
    """Stores the worth of units that leave for the first time, with the charges that leave with them.

    The caller has locked the order row and written the units into the ledger.
    """
    taxes = _taxes(session, order.id, shipment_id)
    charges, departed = _charges(session, order.id, shipment_id, taxes)
    departing = [Departing(_line(item, taxes), units.first, units.count) for item, units in parcel]
    worth = worth_of_parcel(departing, charges, departed, tax_included=order.tax_included)
    of_shipment = {"order_id": order.id, "shipment_id": shipment_id}
    # With explicit nulls, one statement inserts all rows, even if their nulls are in different columns.
    statement = insert(KeptWorth).execution_options(render_nulls=True)
    session.execute(statement, [of_shipment | vars(part) for part in worth])


def worth_by_shipment(session: Session, order_id: UUID) -> dict[UUID, int]:
    """The amount to capture for each shipment, in the order they left."""
    values = select(KeptWorth.shipment_id, func.sum(KeptWorth.amount)).where(KeptWorth.order_id == order_id)
    rows = session.execute(values.group_by(KeptWorth.shipment_id).order_by(func.min(KeptWorth.id)))
    return {shipment_id: int(amount) for shipment_id, amount in rows}


def _line(item: OrderItem, taxes: Taxes) -> Line:
    return Line(item.id, item.amount_after_discounts, taxes[item.id], item.quantity, item.ship_group_id)


def _taxes(session: Session, order_id: UUID, shipment_id: UUID) -> Taxes:
    """Taxes of the lines in the parcel and of the charges that may leave with them."""
    charges = select(OrderCharge.id).where(_may_leave(order_id, shipment_id))
    is_due = or_(_is_in_parcel(OrderTax.item_id, order_id, shipment_id), OrderTax.charge_id.in_(charges))
    owner_id = func.coalesce(OrderTax.item_id, OrderTax.charge_id)
    query = select(owner_id, OrderTax.id, OrderTax.amount).where(OrderTax.order_id == order_id, is_due)
    taxes: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for owner, tax_id, amount in session.execute(query):
        taxes[owner][tax_id] = amount
    return taxes


def _charges(session: Session, order_id: UUID, shipment_id: UUID, taxes: Taxes) -> tuple[list[Charge], set[UUID]]:
    """Charges that may leave with the parcel, and the ids of those that left whole with an earlier one."""
    charge = OrderCharge
    owner_id = func.coalesce(charge.item_id, charge.ship_group_id)
    kept_whole = KeptWorth.charge_id == charge.id, KeptWorth.item_id.is_(None), KeptWorth.tax_id.is_(None)
    has_departed = exists().where(KeptWorth.order_id == order_id, *kept_whole)
    query = select(charge.id, charge.amount_after_discounts, owner_id, has_departed)
    rows = session.execute(query.where(_may_leave(order_id, shipment_id))).all()
    charges = [Charge(id_, amount, taxes[id_], owner) for id_, amount, owner, _ in rows]
    return charges, {id_ for id_, *_, departed in rows if departed}


def _may_leave(order_id: UUID, shipment_id: UUID) -> ColumnElement[bool]:
    """Selects charges of the lines in the parcel, and all charges of ship groups and of the order, which are few."""
    is_due = or_(_is_in_parcel(OrderCharge.item_id, order_id, shipment_id), OrderCharge.item_id.is_(None))
    return and_(OrderCharge.order_id == order_id, is_due)


def _is_in_parcel(item_id: ItemId, order_id: UUID, shipment_id: UUID) -> ColumnElement[bool]:
    of_parcel = UnitRange.order_id == order_id, UnitRange.cause_id == shipment_id
    return item_id.in_(select(UnitRange.item_id).where(*of_parcel))
