"""Hold the money of every tender of an order. Repeating is safe: a tender that is authorized is left alone."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.core.outside import CallStatus, renewed
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.errors import PaymentDeclined
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.story import PaymentStory
from order_api.progress.lock import get_for_act
from order_api.progress.wait import wait_is_over
from order_api.words.events import Event


@dataclass
class AuthorizePayment(PaymentStory):
    """Answers PaymentDeclined. A declined tender is tried again only when `retry` was decided, once per task."""

    retry: bool = False

    def ask(self, session: Session) -> PaymentTransaction | None:
        order = get_for_act(session, self.actor, self.order_id, Order.tenders)
        wait_is_over(session, self.actor, order, None, Event.PAYMENT_METHOD_REPLACED)
        rows = ledger.rows_of(session, order.id)
        held = {row.tender_id for row in ledger.done(rows, TransactionKind.AUTHORIZE)}
        tender = next((t for t in order.tenders if t.is_active and t.amount and t.id not in held), None)
        if tender is None:
            return None
        return take_or_refuse(self, next_authorization(session, order, tender, rows, self.task_id, retry=self.retry))


def next_authorization(
    session: Session, order: Order, tender: Tender, rows: ledger.Rows, task_id: str, *, retry: bool
) -> PaymentTransaction:
    """The request that is open for the tender, the declined one that counts for this task, or a new one."""
    last = ledger.latest(rows, TransactionKind.AUTHORIZE, tender.id)
    may_try_again = retry and last is not None and last.task_id != task_id
    if last is not None and not (last.status == CallStatus.DECLINED and may_try_again):
        return renewed(last)
    return ledger.new_row(session, order, tender, TransactionKind.AUTHORIZE, tender.amount, task_id)


def take_or_refuse(story: PaymentStory, row: PaymentTransaction) -> PaymentTransaction | None:
    """The row to call for; a declined one ends the story with PaymentDeclined."""
    if row.status != CallStatus.DECLINED:
        return row
    what = f"The {row.tender.name}" if row.kind == TransactionKind.AUTHORIZE else "The capture"
    story.answer = PaymentDeclined(f"{what} was declined: {row.decline_code}.")
    return None
