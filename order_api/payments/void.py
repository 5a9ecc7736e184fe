"""Releases what will not be captured, so authorized = captured + voided when an order ends (R10)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import CallStatus, Story
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.balance import balance
from order_api.payments.calls import GatewayCall, LookUp, ReleaseCall
from order_api.payments.errors import ShippedUnpaid
from order_api.payments.models import DRAWS, INCOMING, PaymentTransaction, TransactionKind


@dataclass
class VoidPayment(Story):
    """Releases what the order's authorizations still hold, and nothing else. `next_release` says how it ends."""

    actor: Actor
    order_id: UUID
    task_id: str

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
        return next_release(session, self.actor, order, self.task_id)


def next_release(session: Session, actor: Actor, order: Order, task_id: str) -> GatewayCall | None:
    """The next call that releases money; None when nothing is held.

    The caller has locked the order and loaded its tenders.

    First looks up each open request; the look-up raises NotYet while the request may still be under way. Raises
    ShippedUnpaid when a shipment is not captured because a person moved the flow past its capture. If the gateway
    refuses a release, the story ends with PaymentDeclined.
    """
    rows = ledger.rows_of(session, order.id)
    under_way = [row for row in rows if row.status == CallStatus.REQUESTED and row.kind in INCOMING]
    if under_way:
        return LookUp(actor, under_way[0], order.number)
    for authorization in ledger.done(rows, TransactionKind.AUTHORIZE):
        draws = [row for row in rows if row.authorization_id == authorization.id and row.kind in DRAWS]
        remaining = authorization.amount - sum(row.amount for row in draws if row.status == CallStatus.DONE)
        if remaining:
            tries = [r for r in draws if r.kind == TransactionKind.VOID and r.status == CallStatus.REQUESTED]
            row = tries[-1] if tries else _new_try(session, order, rows, authorization, remaining, task_id)
            return ReleaseCall(actor, row, order.number)
    return None


def _new_try(
    session: Session,
    order: Order,
    rows: ledger.Rows,
    authorization: PaymentTransaction,
    remaining: int,
    task_id: str,
) -> PaymentTransaction:
    if missing := balance(session, order, rows).unpaid:
        raise ShippedUnpaid(f"{order.number}: unpaid shipments: {len(missing)}. Capture them, then retry this.")
    tender = next(tender for tender in order.tenders if tender.id == authorization.tender_id)
    row = ledger.new_row(session, order, tender, TransactionKind.VOID, remaining, task_id)
    row.authorization = authorization
    return row
