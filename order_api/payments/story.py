"""Shared by authorization and capture: tells a repeated task from a new try, and refuses a declined request."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import money
from order_api.core.outside import CallStatus, Story, renew
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.calls import GatewayCall
from order_api.payments.errors import PaymentDeclined
from order_api.payments.models import PaymentTransaction, TransactionKind


@dataclass
class PaymentStory(Story):
    """`task_id` distinguishes a repeated task, which gets the answer of its first try, from a new try. `retry` means
    that a person decided to try a declined request again."""

    actor: Actor
    order_id: UUID
    task_id: str
    retry: bool = field(default=False, kw_only=True)

    def next_authorization(
        self, session: Session, order: Order, tender: Tender, rows: ledger.Rows, amount: int
    ) -> PaymentTransaction:
        """The tender's last request, or a new one of this amount if there is none or a declined one may be tried
        again."""
        last = ledger.latest(rows, TransactionKind.AUTHORIZE, tender.id)
        if last is not None and last.status == CallStatus.DONE:
            # It has expired; the caller asks only for a tender that holds nothing.
            last = None
        may_try_again = self.retry and last is not None and last.task_id != self.task_id
        if last is not None and not (last.status == CallStatus.DECLINED and may_try_again):
            return renew(last)
        return ledger.new_row(session, order, tender, TransactionKind.AUTHORIZE, amount, self.task_id)

    def call_unless_declined(self, order: Order, row: PaymentTransaction, *, is_last: bool) -> GatewayCall | None:
        """The call for this row. A declined row ends the story with PaymentDeclined."""
        if row.status != CallStatus.DECLINED:
            return GatewayCall(self.actor, row, order.number, is_last)
        amount = money.with_currency(row.amount, row.currency)
        what = f"The {row.tender.name}" if row.kind == TransactionKind.AUTHORIZE else f"The capture of {amount}"
        self.refusal = PaymentDeclined(f"{what} was declined: {row.decline_code}.")
        return None
