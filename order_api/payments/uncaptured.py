from uuid import UUID

from sqlalchemy.orm import Session

from order_api.orders.models import Order
from order_api.orders.units import shipped_units
from order_api.orders.worth import worth_by_shipment
from order_api.payments import ledger
from order_api.payments.models import TransactionKind


def uncaptured(session: Session, order_id: UUID, rows: ledger.Rows) -> dict[UUID, int]:
    """The amount still to capture for each unpaid shipment, in the order they left."""
    missing = worth_by_shipment(session, order_id)
    for row in ledger.done(rows, TransactionKind.CAPTURE):
        if row.shipment_id is not None:
            missing[row.shipment_id] -= row.amount
    return {shipment_id: amount for shipment_id, amount in missing.items() if amount}


def unpaid_items(session: Session, order: Order, rows: ledger.Rows) -> list[UUID]:
    """Items with units in an unpaid shipment: the flow of each is about to capture it, or waits."""
    unpaid = uncaptured(session, order.id, rows)
    shipped = shipped_units(session, order.id)
    return list(dict.fromkeys(units.item_id for units in shipped if units.shipment_id in unpaid))
