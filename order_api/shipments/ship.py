"""Records which units left in which parcel, wakes the flows of their items and begins the flow that settles it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.bill.keep_worth import keep_worth
from order_api.core import clock
from order_api.orders import history, repository
from order_api.orders.models import Order
from order_api.orders.units import ship_units, shipped_units, units_in_parcel
from order_api.outbox import announce, wake_ups
from order_api.outbox.lanes import INVENTORY
from order_api.outbox.models import RowKind
from order_api.outbox.subjects import Parcel
from order_api.progress.follow_items import follow_items
from order_api.progress.lock import require_not_called_off
from order_api.shipments.errors import TrackingNumberUsed
from order_api.shipments.models import Shipment
from order_api.shipments.refuse_unsent import refuse_unsent
from order_api.shipments.repository import find_shipment, tracking_key
from order_api.words.events import Event

Quantities = Mapping[UUID, int]


def ship(
    session: Session, actor: Actor, order_id: UUID, units: Mapping[str, int], *, carrier: str, tracking_number: str
) -> Shipment:
    """`units` maps line ids to quantities. Repeating is safe: the tracking number identifies the parcel.

    Raises CancelRequested, UndoRunning or OrderClosed (J5), and ItemNotAtFulfillment for an item not handed to
    fulfillment.
    """
    order = repository.get_for_update(session, actor, order_id, Order.items)
    items = repository.ItemsByLine(order)
    quantities = {items[line_id].id: count for line_id, count in units.items()}
    earlier = _same_parcel(session, order, quantities, tracking_number)
    if earlier is not None:
        return earlier
    require_not_called_off(order)
    refuse_unsent(session, order, quantities)
    return _record(session, actor, order, quantities, carrier, tracking_number)


def ship_parcel(
    session: Session,
    actor: Actor,
    order_id: UUID,
    quantities: Quantities,
    *,
    carrier: str,
    tracking_number: str,
    recall_was_too_late: bool = False,
) -> Shipment | None:
    """Records a parcel reported by a vendor. Units already recorded count once; None if the parcel has no new units.

    With `recall_was_too_late`, the parcel counts even if the order is called off.
    """
    order = repository.get_for_update(session, actor, order_id, Order.items)
    earlier = find_shipment(session, order, tracking_number)
    if earlier is not None:
        return earlier
    if not recall_was_too_late:
        require_not_called_off(order)
    unreported = {
        item_id: min(units, repository.item_of(order, item_id).open_quantity) for item_id, units in quantities.items()
    }
    unreported = {item_id: units for item_id, units in unreported.items() if units}
    return _record(session, actor, order, unreported, carrier, tracking_number) if unreported else None


def _same_parcel(session: Session, order: Order, quantities: Quantities, tracking_number: str) -> Shipment | None:
    shipment = find_shipment(session, order, tracking_number)
    if shipment is None:
        return None
    if units_in_parcel(shipped_units(session, order.id), shipment.id) != quantities:
        raise TrackingNumberUsed(
            f"{order.number} has a parcel {shipment.carrier} {shipment.tracking_number} with other units."
        )
    return shipment


def _record(
    session: Session, actor: Actor, order: Order, quantities: Quantities, carrier: str, tracking_number: str
) -> Shipment:
    shipment = Shipment(id=uuid4(), order_id=order.id, carrier=carrier, tracking_number=tracking_number)
    shipment.tracking_key = tracking_key(tracking_number)
    shipment.shipped_at = clock.now()
    parcel = ship_units(session, order, shipment.id, quantities)
    keep_worth(session, order, shipment.id, parcel)
    session.add(shipment)
    for item_id, quantity in quantities.items():
        details = {"units": quantity, "shipment_id": shipment.id}
        history.record(session, order, Event.ITEM_SHIPPED, actor, item_id=item_id, details=details)
    follow_items(session, actor, order)
    wake_ups.wake(session, order.number, Event.PARCEL_LEFT, [Parcel(shipment.id)])
    stock = {"order_id": order.id, "shipment_id": shipment.id}
    announce.request_work(session, INVENTORY, RowKind.TAKE_STOCK, order.number, **stock)
    session.flush()
    return shipment
