"""Replaces a declined means of payment with one that the customer sends, so the order goes on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import CallStatus
from order_api.orders import history, repository
from order_api.orders.models import Order, Tender
from order_api.outbox import announce
from order_api.outbox.lanes import PAYMENT
from order_api.outbox.models import RowKind
from order_api.outbox.subjects import Flow, Parcel
from order_api.payments import ledger
from order_api.payments.balance import balance
from order_api.payments.errors import NoDeclinedPayment, PaymentInProgress
from order_api.payments.hold import flows_without_payment, shares, unused
from order_api.payments.models import INCOMING, TransactionKind
from order_api.progress.lock import require_not_called_off
from order_api.proof.bill import Balance
from order_api.stores.models import OrderCollection
from order_api.stores.offers import refuse_unoffered_tender
from order_api.words.events import Event


def replace_tender(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Order:
    """Repeating is safe: a replacement that has just been accepted is not added again. Raises TenderNotOffered."""
    order = _payable(session, actor, order_id)
    rows = ledger.rows_of(session, order_id)
    if any(tender.token == body["token"] for tender in untried_replacements(order, rows)):
        return order
    owed = balance(session, order, rows)
    declined = _declined_tender(order, rows, owed.outstanding)
    if body["type"] != declined.type:
        # The customer may always send another of the declined type.
        properties = session.get_one(OrderCollection, order.collection_id).properties
        refuse_unoffered_tender(properties, body["type"], "type")
    position = max(tender.position for tender in order.tenders) + 1
    tender = Tender.placed(position, body["type"], body["token"], max(0, unused(declined, rows)))
    order.tenders.append(tender)
    session.flush()
    declined.amount, declined.replaced_by_id = declined.amount - tender.amount, tender.id

    if ledger.done(rows, TransactionKind.AUTHORIZE, declined.id):
        announce.request_work(session, PAYMENT, RowKind.VOID_PAYMENT, order.number, order_id=order.id, of="replaced")

    flows = _waiting_flows(order, owed)
    details = {"tender_id": tender.id, "replaces": declined.id, "amount": tender.amount}
    history.record(session, order, Event.PAYMENT_METHOD_REPLACED, actor, flows=flows, details=details)
    return order


def _waiting_flows(order: Order, owed: Balance) -> Sequence[Flow]:
    """The flows that wait for money. Each flow gets its own message, which waits until the flow is ready for it.

    Before the order is frozen, that is its own flow; afterwards, the flow of each unpaid parcel, and of each item that
    is not released before it is paid for.
    """
    return [*flows_without_payment(order), *(Parcel(id_) for id_ in owed.unpaid)]


def _payable(session: Session, actor: Actor, order_id: UUID) -> Order:
    """Refuses a called-off order, unless goods have left: those must still be paid."""
    order = repository.get_for_update(session, actor, order_id, Order.items, Order.tenders)
    if not order.has_shipped:
        require_not_called_off(order)
    return order


def untried_replacements(order: Order, rows: ledger.Rows) -> list[Tender]:
    """Tenders that took the place of a declined one and that the gateway has not been asked about."""
    replacing, tried = {t.replaced_by_id for t in order.tenders}, {row.tender_id for row in rows}
    return [t for t in order.tenders if t.is_active and t.id in replacing - tried]


def _declined_tender(order: Order, rows: ledger.Rows, outstanding: int) -> Tender:
    """The first active tender whose last authorization, or last capture of a shipment, was declined.

    Skips tenders that need not pay anything of what is outstanding, because nothing is left to replace.
    """
    if any(row.status == CallStatus.REQUESTED and row.kind in INCOMING for row in rows):
        raise PaymentInProgress("The gateway has not answered yet; repeat in a moment.")
    for tender in (tender for tender, share in shares(order, rows, outstanding) if share):
        tries = [row for row in rows if row.tender_id == tender.id and row.kind in INCOMING]
        last_tries = [ledger.latest(rows, row.kind, tender.id, row.shipment_id) for row in tries]
        if any(row is not None and row.status == CallStatus.DECLINED for row in last_tries):
            return tender
    raise NoDeclinedPayment(f"No means of payment of {order.number} was declined.")
