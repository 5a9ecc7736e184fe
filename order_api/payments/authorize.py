"""Hold the money of every tender of an order. Repeating is safe: a tender that is authorized is left alone."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.names import Message
from order_api.core.database import transaction
from order_api.core.outside import CallStatus, settle, take_up
from order_api.integrations.payment.port import PaymentAnswer
from order_api.integrations.payment.registry import gateway
from order_api.orders.models import Order
from order_api.outbox import announce
from order_api.payments import ledger
from order_api.payments.errors import PaymentDeclined
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.progress.lock import get_for_act

LoadOrder = Callable[..., Order]


def authorize_payment(
    actor: Actor, order_id: UUID, task_id: str, *, retry: bool = False, load: LoadOrder = get_for_act
) -> None:
    """Raises PaymentDeclined. A declined tender is tried again only when `retry` was decided, once per task."""
    is_last = False
    while not is_last:
        with transaction() as session:
            order = load(session, actor, order_id, Order.tenders)
            requested, is_last = _next(session, order, task_id, retry)
        if requested is None:
            return
        row = settle(
            requested,
            perform=_perform,
            find=lambda row: gateway(row.tender.type).find(row.id),
            record=lambda session, row, answer: ledger.record(session, actor, row, answer),
        )
        if row.status == CallStatus.DECLINED:
            raise PaymentDeclined(f"The {requested.tender.name} was declined: {row.decline_code}.")


def _next(session: Session, order: Order, task_id: str, retry: bool) -> tuple[PaymentTransaction | None, bool]:
    """The request to be settled next, and whether it is the last of the order."""
    announce.consumed(session, Message.PAYMENT_METHOD_REPLACED, order.id)
    rows = ledger.rows_of(session, order.id)
    held = {row.tender_id for row in ledger.done(rows, TransactionKind.AUTHORIZE)}
    open_tenders = [t for t in order.tenders if t.is_active and t.amount and t.id not in held]
    if not open_tenders:
        return None, True
    tender, is_last = open_tenders[0], len(open_tenders) == 1
    last = ledger.latest(rows, TransactionKind.AUTHORIZE, tender.id)
    may_try_again = retry and last is not None and last.task_id != task_id
    if last is not None and not (last.status == CallStatus.DECLINED and may_try_again):
        return take_up(last), is_last
    return ledger.new_row(session, order, tender, TransactionKind.AUTHORIZE, tender.amount, task_id), is_last


def _perform(row: PaymentTransaction) -> PaymentAnswer:
    tender = row.tender
    return gateway(tender.type).authorize(row.id, tender.token or "", row.amount, row.currency)
