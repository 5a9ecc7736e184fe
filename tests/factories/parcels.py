"""Parcels of an order for the arithmetic, without a database."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID, uuid4

from order_api.orders.models import Order
from order_api.orders.owned_money import OwnedMoney
from order_api.orders.units import ShippedUnits
from order_api.proof.worth import Charge, Line, UnitsOfLine, gross_of, worth_of_parcel


def units_of(order: Order, shipment_id: UUID, item: int, first_unit: int, quantity: int = 1) -> ShippedUnits:
    return ShippedUnits(shipment_id, order.items[item].id, first_unit, quantity)


def worth_by_shipment(order: Order, shipped: Iterable[ShippedUnits]) -> dict[UUID, int]:
    """The captured amount of each shipment when these units leave in these shipments, in this order."""
    owned, departed, values = OwnedMoney(order), set[UUID](), {}
    for shipment_id, parcel in _parcels(order, owned, shipped).items():
        charges = _charges(owned, parcel)
        worth = list(worth_of_parcel(parcel, charges, departed, tax_included=order.tax_included))
        values[shipment_id] = gross_of(worth)
        departed |= {part.charge_id for part in worth if part.charge_id and part.item_id is None}
    return values


def _parcels(order: Order, owned: OwnedMoney, shipped: Iterable[ShippedUnits]) -> dict[UUID, list[UnitsOfLine]]:
    items = {item.id: item for item in order.items}
    parcels = defaultdict(list)
    for units in shipped:
        item = items[units.item_id]
        taxes = _taxes(owned, item.id)
        line = Line(item.id, item.amount_after_discounts, taxes, item.quantity, item.ship_group_id)
        parcels[units.shipment_id].append(UnitsOfLine(line, units.first_unit, units.quantity))
    return parcels


def _charges(owned: OwnedMoney, parcel: list[UnitsOfLine]) -> list[Charge]:
    """Charges of the lines in the parcel, of their ship groups and of the order."""
    lines = [units.line for units in parcel]
    owners = {None, *(line.id for line in lines), *(line.ship_group_id for line in lines)}
    return [
        Charge(charge.id, charge.amount_after_discounts, _taxes(owned, charge.id), charge.owner_id)
        for owner_id in owners
        for charge in owned.charges[owner_id]
    ]


def _taxes(owned: OwnedMoney, owner_id: UUID) -> dict[UUID, int]:
    return {tax.id or uuid4(): tax.amount for tax in owned.taxes[owner_id]}
