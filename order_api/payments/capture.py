"""Take the money for what has left: one capture per shipment and tender (R8, R10)."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core.database import transaction
from order_api.core.outside import CallStatus, act_once
from order_api.integrations.payment.port import PaymentAnswer
from order_api.integrations.payment.registry import gateway
from order_api.orders import repository
from order_api.orders.models import Order, Tender
from order_api.orders.shipped import shipped_units, value_by_shipment
from order_api.outbox import announce
from order_api.payments import ledger
from order_api.payments.authorize import authorize_payment
from order_api.payments.errors import PaymentDeclined, UnitsOutstanding
from order_api.payments.models import PaymentTransaction, TransactionKind

PRICED = (Order.items, Order.charges, Order.taxes, Order.tenders)


class CaptureNotCovered(RuntimeError):
    """More has shipped than all tenders together hold: the numbers of the order are broken, a person must look."""


def capture_payment(actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, *, retry: bool = False) -> None:
    """Captures every shipment of the item (None: of the order). Repeating is safe: what is captured is left alone.

    Raises PaymentDeclined, and UnitsOutstanding when all that left is captured but the item has more to ship.
    """
    authorize_payment(actor, order_id, task_id, retry=retry, load=repository.get_for_update)
    while row := act_once(
        lambda session: _next(session, actor, order_id, item_id, task_id, retry),
        perform=_perform,
        find=lambda row: gateway().find(row.id),
        record=lambda session, row, answer: ledger.record(session, actor, row, answer),
    ):
        if row.status == CallStatus.DECLINED:
            raise PaymentDeclined(f"The capture was declined: {row.decline_code}.")
    if item_id is not None:
        _refuse_while_outstanding(actor, order_id, item_id)


def _perform(row: PaymentTransaction) -> PaymentAnswer:
    with transaction() as session:
        authorization = session.get_one(PaymentTransaction, row.authorization_id)
    return gateway().capture(row.id, authorization.reference or "", row.amount)


def _next(
    session: Session, actor: Actor, order_id: UUID, item_id: UUID | None, task_id: str, retry: bool
) -> PaymentTransaction | None:
    order = repository.get_for_update(session, actor, order_id, *PRICED)
    shipped = shipped_units(session, order_id)
    wanted = {units.shipment_id for units in shipped if item_id in (None, units.item_id)}
    rows = ledger.rows_of(session, order_id)
    for shipment_id, value in value_by_shipment(order, shipped).items():
        captured = sum(r.amount for r in ledger.done(rows, TransactionKind.CAPTURE) if r.shipment_id == shipment_id)
        if shipment_id not in wanted or captured == value:
            continue
        under_way = [r for r in rows if r.shipment_id == shipment_id and r.status == CallStatus.REQUESTED]
        if under_way:
            return under_way[0]
        tender, available = _tender_with_money(order, rows)
        last = ledger.latest(rows, TransactionKind.CAPTURE, tender.id, shipment_id)
        if last and last.status == CallStatus.DECLINED and (last.task_id == task_id or not retry):
            return last
        return _new(session, actor, order, tender, min(value - captured, available), shipment_id, task_id)
    return None


def _tender_with_money(order: Order, rows: ledger.Rows) -> tuple[Tender, int]:
    """The first in capture order that holds money; a request of another shipment under way counts as taken."""
    for tender in sorted((t for t in order.tenders if t.is_active), key=lambda t: t.capture_rank):
        taken = [r for r in rows if r.tender_id == tender.id and r.kind == TransactionKind.CAPTURE]
        available = tender.amount - sum(r.amount for r in taken if r.status in (CallStatus.DONE, CallStatus.REQUESTED))
        if available > 0:
            return tender, available
    raise CaptureNotCovered(f"{order.number}: more was shipped than its tenders hold.")


def _new(
    session: Session, actor: Actor, order: Order, tender: Tender, amount: int, shipment_id: UUID, task_id: str
) -> PaymentTransaction:
    row = ledger.new_row(session, order, tender, TransactionKind.CAPTURE, amount, task_id)
    authorizations = ledger.done(ledger.rows_of(session, order.id), TransactionKind.AUTHORIZE, tender.id)
    row.authorization_id, row.shipment_id = authorizations[-1].id, shipment_id
    if not ledger.needs_gateway(tender):
        ledger.settle_without_gateway(session, order, actor, row)
    return row


def _refuse_while_outstanding(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    with transaction() as session:
        order = repository.get_for_update(session, actor, order_id, Order.items)
        announce.consumed(session, Message.ITEM_SHIPPED, order_id, item_id)
        item = repository.item_of(order, item_id)
        outstanding = item.open_quantity
    if outstanding:
        raise UnitsOutstanding(f"{item.sku}: {outstanding} units are still to ship.")
