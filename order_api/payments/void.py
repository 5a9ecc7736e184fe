"""Release what nobody will take any more, so that authorized = captured + voided when an order ends (R10)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.database import transaction
from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus, act_once, is_certainly_over
from order_api.integrations.payment.port import PaymentAnswer
from order_api.integrations.payment.registry import gateway
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.errors import ItemsStillOpen, NothingShipped, PaymentDeclined, ShippedUnpaid
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.uncaptured import uncaptured
from order_api.progress.overdue import end_wait


def close_payment(actor: Actor, order_id: UUID, task_id: str) -> None:
    """The order is fulfilled. Raises NothingShipped when every item was canceled on the way, and ItemsStillOpen when
    the flow lost one (somebody changed its variables): closing would hide that."""
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.items)
        end_wait(session, actor, order, None)
        if not order.has_shipped:
            raise NothingShipped(f"{order.number}: no unit was shipped.")
        if left := [item.sku for item in order.items if item.open_quantity]:
            raise ItemsStillOpen(f"{order.number}: {', '.join(left)} neither shipped nor were canceled.")
    void_payment(actor, order_id, task_id)


def void_payment(actor: Actor, order_id: UUID, task_id: str) -> None:
    """Repeating is safe: what is released stays released. Raises NotYet while a request may still be under way, and
    ShippedUnpaid when something that left is not captured: somebody led the flow past that."""
    _settle_requested(actor, order_id)
    while row := act_once(
        lambda session: _next(session, actor, order_id, task_id),
        perform=_perform,
        find=lambda row: gateway().find(row.id),
        record=lambda session, row, answer: ledger.record(session, actor, row, answer),
    ):
        if row.status == CallStatus.DECLINED:
            raise PaymentDeclined(f"The gateway refuses to release {row.amount}: {row.decline_code}.")


def _settle_requested(actor: Actor, order_id: UUID) -> None:
    """A request found open may have happened: ask the gateway, and believe its "never arrived" only when it is old."""
    with transaction() as session:
        rows = [r for r in ledger.rows_of(session, order_id) if r.status == CallStatus.REQUESTED]
    for row in (r for r in rows if r.kind != TransactionKind.VOID):
        answer = gateway().find(row.id)
        if answer is None and not is_certainly_over(row):
            raise NotYet(f"The {row.kind} {row.id} may still be under way.")
        with transaction() as session:
            _write_down(session, actor, row, answer)


def _write_down(session: Session, actor: Actor, row: PaymentTransaction, answer: PaymentAnswer | None) -> None:
    if answer is not None:
        ledger.record(session, actor, row, answer)
    else:
        ledger.record_lost(session, actor, row)


def _next(session: Session, actor: Actor, order_id: UUID, task_id: str) -> PaymentTransaction | None:
    order = repository.get_for_update(session, actor, order_id, Order.tenders)
    rows = ledger.rows_of(session, order_id)
    tenders = {tender.id: tender for tender in order.tenders}
    for authorization in ledger.done(rows, TransactionKind.AUTHORIZE):
        of_it = [r for r in rows if r.authorization_id == authorization.id]
        voids = [r for r in of_it if r.kind == TransactionKind.VOID]
        left = authorization.amount - sum(r.amount for r in of_it if r.status == CallStatus.DONE)
        if not left:
            continue
        open_tries = [r for r in voids if r.status == CallStatus.REQUESTED]
        if open_tries:
            return open_tries[-1]
        _refuse_unpaid(session, order, rows)
        tender = tenders[authorization.tender_id]
        row = ledger.new_row(session, order, tender, TransactionKind.VOID, left, task_id)
        row.authorization = authorization
        if not ledger.needs_gateway(tender):
            ledger.settle_without_gateway(session, order, actor, row)
        return row
    return None


def _refuse_unpaid(session: Session, order: Order, rows: ledger.Rows) -> None:
    if missing := uncaptured(session, order.id, rows):
        raise ShippedUnpaid(f"{order.number}: {len(missing)} shipments are not paid. Capture them, then retry this.")


def _perform(row: PaymentTransaction) -> PaymentAnswer:
    reference = row.authorization.reference if row.authorization else None
    return gateway().void(row.id, reference or "", row.amount)
