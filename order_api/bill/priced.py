"""Reads what some units of an order and their charges cost."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from order_api.orders.models import OrderCharge, OrderItem, OrderTax
from order_api.orders.units import UnitsOfItems
from order_api.proof.worth import Charge, Line, UnitsOfLine

ItemIds = Collection[UUID] | None
"""The lines meant; None means all lines of the order."""


@dataclass(frozen=True)
class Priced:
    """Units, and the charges that may go with them: those of their lines, all of ship groups and of the order."""

    units: list[UnitsOfLine]
    charges: list[Charge]


def read_priced(session: Session, order_id: UUID, ranges: UnitsOfItems, *, of_all_lines: bool = False) -> Priced:
    """`of_all_lines` reads the charges of every line, which costs less than to name most of the lines."""
    item_ids = None if of_all_lines else {item.id for item, _ in ranges}
    taxes = _taxes(session, order_id, item_ids)
    owner_id = func.coalesce(OrderCharge.item_id, OrderCharge.ship_group_id)
    query = select(OrderCharge.id, OrderCharge.amount_after_discounts, owner_id).order_by(OrderCharge.position)
    rows = session.execute(query.where(_may_go(order_id, item_ids)))
    charges = [Charge(id_, amount, taxes[id_], owner) for id_, amount, owner in rows]
    return Priced([UnitsOfLine(_line(item, taxes), units.first, units.count) for item, units in ranges], charges)


def _line(item: OrderItem, taxes: Mapping[UUID, Mapping[UUID, int]]) -> Line:
    return Line(item.id, item.amount_after_discounts, taxes[item.id], item.quantity, item.ship_group_id)


def _taxes(session: Session, order_id: UUID, item_ids: ItemIds) -> Mapping[UUID, Mapping[UUID, int]]:
    """Amounts by the id of the line or charge, then by the id of the tax."""
    owner_id = func.coalesce(OrderTax.item_id, OrderTax.charge_id)
    query = select(owner_id, OrderTax.id, OrderTax.amount).where(OrderTax.order_id == order_id)
    if item_ids is not None:
        charges = select(OrderCharge.id).where(_may_go(order_id, item_ids))
        query = query.where(or_(_is_one_of(OrderTax.item_id, item_ids), OrderTax.charge_id.in_(charges)))
    taxes: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for owner, tax_id, amount in session.execute(query.order_by(OrderTax.position)):
        taxes[owner][tax_id] = amount
    return taxes


def _may_go(order_id: UUID, item_ids: ItemIds) -> ColumnElement[bool]:
    """Charges of ship groups and of the order are few, so all of them are read."""
    if item_ids is None:
        return OrderCharge.order_id == order_id
    may_go = or_(_is_one_of(OrderCharge.item_id, item_ids), OrderCharge.item_id.is_(None))
    return and_(OrderCharge.order_id == order_id, may_go)


def _is_one_of(column: InstrumentedAttribute[UUID | None], ids: Collection[UUID]) -> ColumnElement[bool]:
    """As one parameter: an order may have many lines, and each id of an IN would be one."""
    return column == any_(literal(list(ids), ARRAY(Uuid)))
