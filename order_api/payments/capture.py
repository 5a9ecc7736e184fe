"""Take the money for what has left: one capture per shipment and tender (R8, R10)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core.database import transaction
from order_api.core.outside import CallStatus, settle, take_up
from order_api.integrations.payment.port import PaymentAnswer
from order_api.integrations.payment.registry import gateway
from order_api.orders import repository
from order_api.orders.models import Order, Tender
from order_api.orders.units import shipped_units
from order_api.outbox import announce
from order_api.payments import ledger
from order_api.payments.authorize import authorize_payment
from order_api.payments.errors import PaymentDeclined, UnitsOutstanding
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.uncaptured import uncaptured
from order_api.progress.overdue import end_wait


class CaptureNotCovered(RuntimeError):
    """More has shipped than all tenders together hold: the numbers of the order are broken, a person must look."""


def capture_payment(actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, *, retry: bool = False) -> None:
    """Captures every shipment of the item (None: of the order). Repeating is safe: what is captured is left alone.

    Raises PaymentDeclined, and UnitsOutstanding when all that left is captured but the item has more to ship.
    """
    try:
        _capture(actor, order_id, item_id, task_id, retry)
    except _NotAuthorized:
        authorize_payment(actor, order_id, task_id, retry=retry, load=repository.get_for_update)
        _capture(actor, order_id, item_id, task_id, retry)


class _NotAuthorized(Exception):
    """A new card for a declined one holds no money yet."""


def _capture(actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, retry: bool) -> None:
    is_last = False
    while not is_last:
        with transaction() as session:
            order = repository.get_for_update(session, actor, order_id, Order.items, Order.tenders)
            outstanding = _outstanding(session, actor, order, item_id)
            requested, is_last = _next(session, actor, order, item_id, task_id, retry)
        if requested is None:
            break
        row = settle(
            requested,
            perform=_perform,
            find=lambda row: gateway().find(row.id),
            record=lambda session, row, answer: ledger.record(session, actor, row, answer),
        )
        if row.status == CallStatus.DECLINED:
            raise PaymentDeclined(f"The capture was declined: {row.decline_code}.")
    if outstanding:
        raise UnitsOutstanding(outstanding)


def _outstanding(session: Session, actor: Actor, order: Order, item_id: UUID | None) -> str | None:
    """Told from the same look at the facts as what is captured: a parcel that leaves later has a message of its own."""
    end_wait(session, actor, order, item_id)
    if any(not tender.is_active for tender in order.tenders):
        announce.consumed(session, Message.PAYMENT_METHOD_REPLACED, order.id, item_id)
    if item_id is None:
        return None
    announce.consumed(session, Message.ITEM_SHIPPED, order.id, item_id)
    item = repository.item_of(order, item_id)
    if item.open_quantity:
        return f"{item.sku}: {item.open_quantity} units are still to ship."
    if item.unable_to_ship_reason is not None:
        # Nothing is left of which anybody would have to decide.
        announce.consumed(session, Message.ITEM_UNABLE_TO_SHIP, order.id, item_id)
    return None


def _perform(row: PaymentTransaction) -> PaymentAnswer:
    reference = row.authorization.reference if row.authorization else None
    return gateway().capture(row.id, reference or "", row.amount)


def _next(
    session: Session, actor: Actor, order: Order, item_id: UUID | None, task_id: str, retry: bool
) -> tuple[PaymentTransaction | None, bool]:
    """The request to be settled next, and whether with it everything that left is captured."""
    shipped, rows = shipped_units(session, order.id), ledger.rows_of(session, order.id)
    missing = uncaptured(session, order.id, rows)
    wanted = {units.shipment_id for units in shipped if item_id in (None, units.item_id)}
    open_shipments = [id_ for id_ in missing if id_ in wanted]
    if not open_shipments:
        return None, True
    shipment_id = open_shipments[0]
    row = _open_try(rows, shipment_id)
    if row is None:
        tender, available = _tender_with_money(order, rows)
        amount = min(missing[shipment_id], available)
        last = ledger.latest(rows, TransactionKind.CAPTURE, tender.id, shipment_id)
        if last and last.status == CallStatus.DECLINED and (last.task_id == task_id or not retry):
            return last, True
        row = _new(session, actor, order, _authorization(rows, tender), amount, shipment_id, task_id)
    return row, len(open_shipments) == 1 and row.amount == missing[shipment_id]


def _open_try(rows: ledger.Rows, shipment_id: UUID) -> PaymentTransaction | None:
    tries = (r for r in rows if r.shipment_id == shipment_id and r.status == CallStatus.REQUESTED)
    return next(map(take_up, tries), None)


def _tender_with_money(order: Order, rows: ledger.Rows) -> tuple[Tender, int]:
    """The first in capture order that holds money; a request of another shipment under way counts as taken."""
    for tender in sorted((t for t in order.tenders if t.is_active), key=lambda t: t.capture_rank):
        taken = [r for r in rows if r.tender_id == tender.id and r.kind == TransactionKind.CAPTURE]
        available = tender.amount - sum(r.amount for r in taken if r.status in (CallStatus.DONE, CallStatus.REQUESTED))
        if available > 0:
            return tender, available
    raise CaptureNotCovered(f"{order.number}: more was shipped than its tenders hold.")


def _authorization(rows: ledger.Rows, tender: Tender) -> PaymentTransaction:
    authorizations = ledger.done(rows, TransactionKind.AUTHORIZE, tender.id)
    if not authorizations:
        raise _NotAuthorized
    return authorizations[-1]


def _new(
    session: Session,
    actor: Actor,
    order: Order,
    authorization: PaymentTransaction,
    amount: int,
    shipment_id: UUID,
    task_id: str,
) -> PaymentTransaction:
    tender = authorization.tender
    row = ledger.new_row(session, order, tender, TransactionKind.CAPTURE, amount, task_id)
    row.authorization, row.shipment_id = authorization, shipment_id
    if not ledger.needs_gateway(tender):
        ledger.settle_without_gateway(session, order, actor, row)
    return row
