"""Authorizes every tender of an order. Repeating is safe: skips authorized tenders."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.calls import GatewayCall
from order_api.payments.models import TransactionKind
from order_api.payments.story import PaymentStory
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.wait import end_wait
from order_api.words.events import Event


@dataclass
class AuthorizePayment(PaymentStory):
    """Answers PaymentDeclined. Tries a declined tender again only with `retry`, once per task.

    `is_frozen` tells a restarted flow that the edit window is over.
    """

    is_frozen: bool = False

    def ask(self, session: Session) -> GatewayCall | None:
        order = lock_for_task(session, self.actor, self.order_id, Order.tenders)
        self.is_frozen = order.frozen_at is not None
        end_wait(session, self.actor, order, None, Event.PAYMENT_METHOD_REPLACED)
        if self.is_frozen:
            # A later replacement tender is authorized when a parcel is captured.
            return None
        rows = ledger.rows_of(session, order.id)
        held = {row.tender_id for row in ledger.done(rows, TransactionKind.AUTHORIZE)}
        remaining = [t for t in order.tenders if t.is_active and t.amount and t.id not in held]
        if not remaining:
            return None
        require_open(order)
        row = self.next_authorization(session, order, remaining[0], rows)
        return self.call_unless_declined(order, row, is_last=len(remaining) == 1)
