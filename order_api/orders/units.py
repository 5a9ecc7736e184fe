"""Ships, delivers and cancels units, and knows which units left in which shipment. The caller locks the order row."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.orders import repository
from order_api.orders.errors import ParcelNotFound, UnitsNotOpen
from order_api.orders.fates import Cause, CauseKind, Fate
from order_api.orders.line_units import Units, common
from order_api.orders.models import Order, OrderItem, UnitRange
from order_api.orders.unit_ledger import ledger_of

UnitsOfItems = Sequence[tuple[OrderItem, Units]]
"""Ranges of units, each with its item."""


def quantities_of(units: UnitsOfItems) -> Counter[OrderItem]:
    """How many units of each item."""
    quantities: Counter[OrderItem] = Counter()
    for item, some in units:
        quantities[item] += some.count
    return quantities


class ShippedUnits(NamedTuple):
    """Units `first_unit` to `first_unit + quantity - 1` of an item left with this shipment, even if they came back."""

    shipment_id: UUID
    item_id: UUID
    first_unit: int
    quantity: int


class CanceledUnits(NamedTuple):
    cancellation_id: UUID
    item_id: UUID
    quantity: int


def ship_units(session: Session, order: Order, shipment_id: UUID, quantities: Mapping[UUID, int]) -> UnitsOfItems:
    """Ships the lowest open units of each item and returns them. Raises UnitsNotOpen."""
    items = [repository.item_of(order, item_id) for item_id in quantities]
    ledger = ledger_of(session, items)
    parcel: list[tuple[OrderItem, Units]] = []
    for item in items:
        quantity = quantities[item.id]
        if quantity > item.open_quantity:
            message = f"Line {item.line_id}: {quantity} requested, but only {item.open_quantity} can still ship."
            raise UnitsNotOpen(message, line_id=item.line_id, shippable=item.open_quantity)
        ranges = ledger.lines[item.id].lowest_open(quantity)
        ledger.add(item, ranges, Fate.SHIPPED, Cause(CauseKind.SHIPMENT, shipment_id))
        parcel += [(item, units) for units in ranges]
    session.flush()
    return parcel


def deliver_units(session: Session, order: Order, shipment_id: UUID) -> list[OrderItem]:
    """Delivers the units that left with the shipment and are still on their way. Returns their items."""
    ledger, cause = ledger_of(session, order.items), Cause(CauseKind.SHIPMENT, shipment_id)
    on_their_way = {item: ledger.lines[item.id].with_present(Fate.SHIPPED, cause) for item in order.items}
    for item, units in on_their_way.items():
        ledger.add(item, units, Fate.DELIVERED, cause)
    return [item for item, units in on_their_way.items() if units]


def lose_units(session: Session, order: Order, cause: Cause, lost: Mapping[UUID, Iterable[Units]]) -> list[OrderItem]:
    """Marks departed units as lost and returns their items. Units that are lost already stay so."""
    return _give_fate(session, order, cause, lost, Fate.LOST, (Fate.SHIPPED, Fate.DELIVERED))


def return_units(
    session: Session, order: Order, cause: Cause, returned: Mapping[UUID, Iterable[Units]]
) -> list[OrderItem]:
    """Marks departed units as returned and returns their items. Units that came back before stay so."""
    return _give_fate(session, order, cause, returned, Fate.RETURNED, (Fate.SHIPPED, Fate.DELIVERED, Fate.LOST))


def _give_fate(
    session: Session,
    order: Order,
    cause: Cause,
    units: Mapping[UUID, Iterable[Units]],
    fate: Fate,
    after: tuple[Fate, ...],
) -> list[OrderItem]:
    """To those of the units whose fate is one of `after`. Returns the items."""
    items = [repository.item_of(order, item_id) for item_id in units]
    ledger = ledger_of(session, items)
    for item in items:
        ledger.add(item, common(ledger.lines[item.id].with_fate(*after), list(units[item.id])), fate, cause)
    session.flush()
    return items


def waits_for_arrival(order: Order, item: OrderItem) -> bool:
    """Whether the item's flow may wait for units to arrive although none of them is open or on its way any more."""
    return not item.open_quantity and not item.on_their_way_quantity and not order.is_closed


def cancel_units(session: Session, canceled: UnitsOfItems, cancellation_id: UUID) -> None:
    """Cancels these open units."""
    ledger = ledger_of(session, dict.fromkeys(item for item, _ in canceled))
    for item, units in canceled:
        ledger.add(item, [units], Fate.CANCELED, Cause(CauseKind.CANCELLATION, cancellation_id))
    session.flush()


def shipped_units(session: Session, order_id: UUID) -> list[ShippedUnits]:
    """All shipped units of the order, in the order they left."""
    query = select(UnitRange.cause_id, UnitRange.item_id, UnitRange.first_unit, UnitRange.quantity)
    shipped = query.where(UnitRange.order_id == order_id, UnitRange.fate == Fate.SHIPPED)
    return [ShippedUnits(*row) for row in session.execute(shipped.order_by(UnitRange.sequence))]


def canceled_units(session: Session, order_id: UUID) -> list[CanceledUnits]:
    """How many units of which item each cancellation took, in the order they were canceled."""
    query = select(UnitRange.cause_id, UnitRange.item_id, func.sum(UnitRange.quantity))
    canceled = query.where(UnitRange.order_id == order_id, UnitRange.fate == Fate.CANCELED)
    rows = canceled.group_by(UnitRange.cause_id, UnitRange.item_id).order_by(func.min(UnitRange.sequence))
    return [CanceledUnits(*row) for row in session.execute(rows)]


def require_parcel(session: Session, order: Order, shipment_id: UUID) -> None:
    """Raises ParcelNotFound if nothing of the order left with this shipment."""
    left = select(UnitRange.item_id).where(UnitRange.order_id == order.id, UnitRange.cause_id == shipment_id)
    if session.scalar(left.where(UnitRange.fate == Fate.SHIPPED).limit(1)) is None:
        raise ParcelNotFound(f"{order.number} has no parcel {shipment_id}.")


def units_in_parcel(shipped: Iterable[ShippedUnits], shipment_id: UUID) -> Counter[UUID]:
    """The units in the parcel by item id."""
    parcel: Counter[UUID] = Counter()
    for units in shipped:
        if units.shipment_id == shipment_id:
            parcel[units.item_id] += units.quantity
    return parcel
