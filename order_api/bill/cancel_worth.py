"""Takes canceled units off the bill, and with the last of them the charges that no parcel will bear (A5)."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from order_api.bill.models import Adjustment, AdjustmentKind
from order_api.bill.priced import read_priced
from order_api.core import clock
from order_api.orders.fates import CauseKind
from order_api.orders.models import Order
from order_api.orders.units import UnitsOfItems, quantities_of
from order_api.proof.worth import Worth, worth_of_canceled


def worth_to_cancel(session: Session, order: Order, units: UnitsOfItems) -> list[Worth]:
    """What canceling these open units would take off the bill. No other line changes, and no discount or tax is
    recomputed (R3, R4). The order's items are loaded."""
    priced = read_priced(session, order.id, units)
    emptied = _emptied(order, units)
    return list(worth_of_canceled(priced.units, priced.charges, emptied, tax_included=order.tax_included))


def cancel_worth(session: Session, order: Order, cancellation_id: UUID, units: UnitsOfItems) -> list[Worth]:
    """Returns what it took off. Call it before the units are canceled, with the order row locked."""
    of_act = {"order_id": order.id, "cause_kind": CauseKind.CANCELLATION, "cause_id": cancellation_id}
    of_act |= {"is_before_departure": True, "at": clock.now()}
    worth = worth_to_cancel(session, order, units)
    rows = [of_act | vars(part) | {"kind": kind_of(part), "amount": -part.amount} for part in worth]
    if rows:
        session.execute(insert(Adjustment).execution_options(render_nulls=True), rows)
    return worth


def kind_of(part: Worth) -> AdjustmentKind:
    return AdjustmentKind.CHARGE_REMOVED if part.item_id is None else AdjustmentKind.UNITS_CANCELED


def _emptied(order: Order, units: UnitsOfItems) -> set[UUID | None]:
    """Ship groups, and None for the order, of which no unit would be open and none has departed."""
    canceled = quantities_of(units)
    in_use = {
        item.ship_group_id for item in order.items if item.shipped_quantity or item.open_quantity > canceled[item]
    }
    emptied = {item.ship_group_id for item in order.items} - in_use
    return {*emptied} if in_use else {*emptied, None}
