"""Releases what will not be captured, so authorized = captured + voided when an order ends (R10)."""

from collections.abc import Collection
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
from order_api.payments.expire import book_reported_expiries
from order_api.payments.models import INCOMING, PaymentTransaction, TransactionKind


@dataclass
class VoidPayment(Story):
    """Releases what the order's authorizations still hold, and nothing else. `next_release` says how it ends.

    With `only_replaced`, releases what replaced means of payment hold: nothing is captured from them any more.
    """

    actor: Actor
    order_id: UUID
    task_id: str
    only_replaced: bool = False

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
        return next_release(session, self.actor, order, self.task_id, only_replaced=self.only_replaced)


def next_release(
    session: Session, actor: Actor, order: Order, task_id: str, *, only_replaced: bool = False
) -> GatewayCall | None:
    """The next call that releases money; None when nothing is held.

    The caller has locked the order and loaded its tenders.

    First looks up each open request; the look-up raises NotYet while the request may still be under way. Raises
    ShippedUnpaid when a shipment is not captured because a person moved the flow past its capture. If the gateway
    refuses a release, the story ends with PaymentDeclined.
    """
    all_rows = ledger.rows_of(session, order.id)
    replaced = {tender.id for tender in order.tenders if not tender.is_active}
    rows = _of(all_rows, replaced) if only_replaced else all_rows
    under_way = [row for row in rows if row.status == CallStatus.REQUESTED]
    if incoming := [row for row in under_way if row.kind in INCOMING]:
        return LookUp(actor, incoming[0], order.number)
    if tries := [row for row in under_way if row.kind == TransactionKind.VOID]:
        return ReleaseCall(actor, tries[0], order.number)
    all_rows = book_reported_expiries(session, actor, order, all_rows)
    rows = _of(all_rows, replaced) if only_replaced else all_rows
    for authorization in ledger.holding(rows):
        if authorization.tender_id not in replaced:
            _require_paid(session, order, all_rows)
        row = _new_try(session, order, authorization, ledger.left_of(rows, authorization), task_id)
        return ReleaseCall(actor, row, order.number)
    return None


def _of(rows: ledger.Rows, tender_ids: Collection[UUID]) -> ledger.Rows:
    return [row for row in rows if row.tender_id in tender_ids]


def _require_paid(session: Session, order: Order, rows: ledger.Rows) -> None:
    if missing := balance(session, order, rows).unpaid:
        raise ShippedUnpaid(f"{order.number}: unpaid shipments: {len(missing)}. Capture them, then retry this.")


def _new_try(
    session: Session, order: Order, authorization: PaymentTransaction, remaining: int, task_id: str
) -> PaymentTransaction:
    tender = next(tender for tender in order.tenders if tender.id == authorization.tender_id)
    row = ledger.new_row(session, order, tender, TransactionKind.VOID, remaining, task_id)
    row.parent = authorization
    return row
