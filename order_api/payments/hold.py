"""How much of what is due each means of payment pays: in capture order (R8), each up to its amount."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.orders.models import Order, Tender
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.ledger import Rows
from order_api.payments.models import TransactionKind


def amounts_to_hold(session: Session, order: Order, rows: Rows) -> dict[UUID, int]:
    """By tender, what an authorization asked for now holds: units canceled before are not held. Tenders are loaded."""
    left = balance(session, order, rows, MAY_BE_DONE).outstanding
    amounts = {}
    for tender in in_capture_order(order):
        amounts[tender.id] = max(0, min(available(tender, rows), left))
        left -= amounts[tender.id]
    return amounts


def in_capture_order(order: Order) -> list[Tender]:
    return sorted((tender for tender in order.tenders if tender.is_active), key=lambda tender: tender.capture_rank)


def available(tender: Tender, rows: Rows) -> int:
    """The tender's amount less its captures. An open request counts as captured."""
    taken = [row for row in rows if row.tender_id == tender.id and row.kind == TransactionKind.CAPTURE]
    return tender.amount - sum(row.amount for row in taken if row.status in MAY_BE_DONE)
