"""How much of what is due each means of payment pays: in capture order (R8), each up to its amount."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from order_api.core.outside import CallStatus
from order_api.integrations.payment.tender_types import token_types
from order_api.orders.models import Order, Tender
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.ledger import Rows, rows_of
from order_api.payments.models import USES_UP, PaymentTransaction, TransactionKind


def amounts_to_hold(session: Session, order: Order, rows: Rows) -> dict[UUID, int]:
    """By tender, what an authorization asked for now holds: units canceled before are not held. Tenders are loaded."""
    outstanding = balance(session, order, rows, MAY_BE_DONE).outstanding
    return {tender.id: share for tender, share in shares(order, rows, outstanding)}


def needs_declined_no_more(session: Session, order: Order) -> bool:
    """Whether an authorization was declined that nothing needs any more: the others hold all that is due."""
    rows = rows_of(session, order.id)
    tried = {row.tender_id: row for row in rows if row.kind == TransactionKind.AUTHORIZE}
    declined = {tender_id for tender_id, row in tried.items() if row.status == CallStatus.DECLINED}
    if not declined:
        return False
    session.refresh(order, ["tenders"])
    amounts = amounts_to_hold(session, order, rows)
    held = tried.keys() - declined
    return all(not amount for tender_id, amount in amounts.items() if tender_id not in held)


def has_held_money(session: Session, order_id: UUID) -> bool:
    """Whether money was ever held for the order. An invoice holds none."""
    held = select(PaymentTransaction.id).join(Tender, Tender.id == PaymentTransaction.tender_id)
    held = held.where(PaymentTransaction.order_id == order_id, Tender.type.in_(token_types()))
    is_done = PaymentTransaction.kind == TransactionKind.AUTHORIZE, PaymentTransaction.status == CallStatus.DONE
    return session.scalar(held.where(*is_done).limit(1)) is not None


def shares(order: Order, rows: Rows, amount: int) -> list[tuple[Tender, int]]:
    """What each active tender pays of this amount, in capture order."""
    paid = []
    for tender in sorted((tender for tender in order.tenders if tender.is_active), key=lambda each: each.capture_rank):
        share = max(0, min(available(tender, rows), amount))
        paid.append((tender, share))
        amount -= share
    return paid


def available(tender: Tender, rows: Rows) -> int:
    """The tender's amount less what was captured and written off. An open request counts as captured."""
    used = [row for row in rows if row.tender_id == tender.id and row.kind in USES_UP and row.status in MAY_BE_DONE]
    return tender.amount - sum(row.amount for row in used)
