from uuid import UUID

from sqlalchemy.orm import Session

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
