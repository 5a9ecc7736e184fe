"""The fates of an order's units according to its tables, and acts for which no story exists yet."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from order_api.cancellations.cancel_units import cancel_units_of
from order_api.cancellations.plan import Wanted, plan_cancellation
from order_api.core import clock
from order_api.core.database import transaction
from order_api.orders import repository
from order_api.orders.fates import Cause, CauseKind, Fate
from order_api.orders.line_units import Units
from order_api.orders.models import Order
from order_api.orders.unit_ledger import ledger_of
from order_api.shipments.deliver import deliver
from order_api.shipments.models import Shipment
from tests.factories.money import Money

Row = tuple[Any, ...]


def rows(money: Money, sql: str) -> list[Row]:
    """The rows of a query about the order `:id`."""
    with transaction() as session:
        return [tuple(row) for row in session.execute(text(sql), {"id": money.id})]


def change(money: Money, sql: str) -> None:
    with transaction() as session:
        session.execute(text(sql), {"id": money.id})


def entries(money: Money) -> list[Row]:
    """First unit, quantity and fate of every entry of the ledger, oldest first."""
    return rows(money, "SELECT first_unit, quantity, fate FROM unit_ranges WHERE order_id = :id ORDER BY sequence")


def counts(money: Money) -> Row:
    """Units shipped, delivered and canceled according to the items' counts."""
    columns = "sum(shipped_quantity), sum(delivered_quantity), sum(canceled_quantity)"
    [row] = rows(money, f"SELECT {columns} FROM order_items WHERE order_id = :id")
    return row


def shipment_ids(money: Money) -> list[UUID]:
    """The shipments in the order they left."""
    return [row[0] for row in rows(money, "SELECT id FROM shipments WHERE order_id = :id ORDER BY shipped_at")]


def deliver_parcel(money: Money, shipment_id: UUID) -> None:
    with transaction() as session:
        deliver(session, money.actor, shipment_id)


def give_fate(money: Money, key: str, units: Units, fate: Fate, cause: Cause) -> None:
    with transaction() as session:
        order = repository.get_for_update(session, money.actor, money.id, Order.items)
        item = repository.item_of(order, money.items[key])
        ledger_of(session, [item]).add(item, [units], fate, cause)


def cancel_some(money: Money, key: str, quantity: int) -> None:
    """Cancels the highest open units of the line after a recall from the warehouse."""
    change(money, "UPDATE fulfillment_requests SET status = 'canceled' WHERE order_id = :id")
    with transaction() as session:
        order = repository.get_for_update(session, money.actor, money.id, Order.items)
        wanted = Wanted(repository.item_of(order, money.items[key]), quantity)
        cancel_units_of(session, money.actor, order, plan_cancellation(session, order, [wanted]), "changed_mind")


def ship_again(money: Money, key: str, units: Units) -> None:
    """Ships them again in a separate parcel. The units left before, so their worth is not stored again."""
    shipment = Shipment(id=uuid4(), order_id=money.id, carrier="dhl", tracking_number=str(uuid4()))
    shipment.tracking_key = shipment.tracking_number
    with transaction() as session:
        shipment.shipped_at = clock.now()
        session.add(shipment)
    give_fate(money, key, units, Fate.SHIPPED, Cause(CauseKind.SHIPMENT, shipment.id))
