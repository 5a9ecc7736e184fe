"""Which units left with which shipment, and what that is worth (R4, R10). Rows never change."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.orders import repository
from order_api.orders.models import Order, OrderCharge, OrderItem, ShippedUnits
from order_api.orders.owned_money import OwnedMoney
from order_api.proof.allocation import value_of_units


def ship_units(session: Session, order: Order, shipment_id: UUID, quantities: dict[UUID, int]) -> None:
    """Takes the lowest free units of each item. Raises UnitsNotOpen. The order row is locked by the caller."""
    number = max((units.shipment_number for units in shipped_units(session, order.id)), default=0) + 1
    for item_id, quantity in quantities.items():
        units = ShippedUnits(order_id=order.id, shipment_id=shipment_id, shipment_number=number, item_id=item_id)
        units.first_unit, units.quantity = repository.item_of(order, item_id).ship(quantity), quantity
        session.add(units)
    session.flush()


def shipped_units(session: Session, order_id: UUID) -> list[ShippedUnits]:
    query = select(ShippedUnits).where(ShippedUnits.order_id == order_id)
    return list(session.scalars(query.order_by(ShippedUnits.shipment_number, ShippedUnits.id)))


def value_by_shipment(order: Order, shipped: list[ShippedUnits]) -> dict[UUID, int]:
    """What to capture for each shipment, in the order they left: its units, the charges of a ship group with that
    group's first shipment, the order's own charges with the order's first."""
    values: dict[UUID, int] = {}
    charged: set[UUID | None] = set()
    items = {item.id: item for item in order.items}
    owned = OwnedMoney(order)
    for units in shipped:
        item = items[units.item_id]
        value = _value_of(order, owned, item, units)
        for owner in {item.ship_group_id, None} - charged:
            value += sum(_charge_value(order, owned, charge) for charge in owned.charges[owner])
        charged |= {item.ship_group_id, None}
        values[units.shipment_id] = values.get(units.shipment_id, 0) + value
    return values


def _value_of(order: Order, owned: OwnedMoney, item: OrderItem, units: ShippedUnits) -> int:
    """Net and each tax apart, so that any sequence of shipments sums to exactly the line."""
    charges = owned.charges[item.id]
    totals = [item.amount_after_discounts, *(charge.amount_after_discounts for charge in charges)]
    if not order.tax_included:
        owners = [item.id, *(charge.id for charge in charges)]
        totals += [tax.amount for owner_id in owners for tax in owned.taxes[owner_id]]
    return sum(value_of_units(total, item.quantity, units.first_unit, units.quantity) for total in totals)


def _charge_value(order: Order, owned: OwnedMoney, charge: OrderCharge) -> int:
    taxes = 0 if order.tax_included else sum(tax.amount for tax in owned.taxes[charge.id])
    return charge.amount_after_discounts + taxes
