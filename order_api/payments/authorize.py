"""Authorizes what is due on the tenders of an order. Repeating is safe: skips authorized tenders."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.core.outside import CallStatus
from order_api.orders import repository
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.calls import GatewayCall
from order_api.payments.hold import amounts_to_hold, let_items_go
from order_api.payments.story import PaymentStory
from order_api.progress.lock import lock_for_task, require_open
from order_api.progress.wait import end_wait
from order_api.words.events import Event


@dataclass
class AuthorizePayment(PaymentStory):
    """Answers PaymentDeclined. Tries a declined tender again only with `retry`, once per task.

    `is_frozen` tells a restarted flow that the edit window is over. From then on money is held again only for an item
    (`item_id`) that is to be released after an authorization has expired.
    """

    item_id: UUID | None = None
    is_frozen: bool = False

    def ask(self, session: Session) -> GatewayCall | None:
        order = lock_for_task(session, self.actor, self.order_id, Order.tenders)
        self.is_frozen = order.frozen_at is not None
        end_wait(session, self.actor, order, self.item_id, Event.PAYMENT_METHOD_REPLACED)
        item = None if self.item_id is None else repository.get_item(session, order, self.item_id)
        if item is not None:
            item.awaits_payment_since = None
        if self.is_frozen if item is None else not item.open_quantity:
            # A later replacement tender is authorized when a parcel is captured.
            return None
        rows = ledger.rows_of(session, order.id)
        remaining = self._remaining(session, order, rows)
        if not remaining:
            return None
        require_open(order)
        tender, amount = remaining[0]
        row = self.next_authorization(session, order, tender, rows, amount)
        call = self.call_unless_declined(order, row, is_last=len(remaining) == 1)
        if item is not None and self.refusal is not None:
            item.awaits_payment_since = clock.now()
        return call

    def finish(self, session: Session) -> None:
        if self.item_id is not None:
            order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
            let_items_go(session, order)

    def _remaining(self, session: Session, order: Order, rows: ledger.Rows) -> list[tuple[Tender, int]]:
        """Tenders that hold nothing yet, with the amounts to hold. One that was asked and has not answered counts."""
        held = {row.tender_id for row in ledger.holding(rows)}
        tenders = [t for t in order.tenders if t.is_active and t.id not in held]
        if not tenders:
            return []
        amounts = amounts_to_hold(session, order, rows)
        asked = {row.tender_id for row in rows if row.status == CallStatus.REQUESTED}
        return [(tender, amounts[tender.id]) for tender in tenders if amounts[tender.id] or tender.id in asked]
