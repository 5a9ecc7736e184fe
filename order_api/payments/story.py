"""The shared part of all payment stories: calls the gateway for a row and writes down its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import CallStatus, Story, renew
from order_api.integrations.payment.port import GatewayReply, PaymentGateway
from order_api.integrations.payment.registry import gateway
from order_api.orders.models import Order, Tender
from order_api.payments import ledger
from order_api.payments.errors import PaymentDeclined
from order_api.payments.models import PaymentTransaction, TransactionKind

GatewayCall = Callable[[PaymentGateway, PaymentTransaction], GatewayReply]


def _authorize(gateway: PaymentGateway, row: PaymentTransaction) -> GatewayReply:
    return gateway.authorize(row.id, row.tender.token or "", row.amount, row.currency)


def _capture(gateway: PaymentGateway, row: PaymentTransaction) -> GatewayReply:
    return gateway.capture(row.id, row.authorization_reference, row.amount, row.currency)


def _void(gateway: PaymentGateway, row: PaymentTransaction) -> GatewayReply:
    return gateway.void(row.id, row.authorization_reference, row.amount, row.currency)


CALLS: Mapping[str, GatewayCall] = {
    TransactionKind.AUTHORIZE: _authorize,
    TransactionKind.CAPTURE: _capture,
    TransactionKind.VOID: _void,
}


@dataclass
class PaymentStory(Story[PaymentTransaction, GatewayReply]):
    """`task_id` distinguishes a repeated task, which gets the answer of its first try, from a new try. `retry` means
    that a person decided to try a declined request again."""

    actor: Actor
    order_id: UUID
    task_id: str
    retry: bool = field(default=False, kw_only=True)
    is_final_call: bool = field(default=False, init=False)
    """Whether all is done when the call that `ask` has found is approved."""

    def find(self, row: PaymentTransaction) -> GatewayReply | None:
        return gateway(row.tender.type).find(row.id)

    def call(self, row: PaymentTransaction) -> GatewayReply:
        return CALLS[row.kind](gateway(row.tender.type), row)

    def settle(self, session: Session, row: PaymentTransaction, reply: GatewayReply) -> None:
        order = ledger.record(session, self.actor, row, reply)
        # Another worker's answer, or a cancellation during the call, calls for a second look.
        self.is_final_call = self.is_final_call and order is not None and not order.is_called_off

    def is_last(self, row: PaymentTransaction, reply: GatewayReply) -> bool:
        return self.is_final_call and reply.approved

    def next_authorization(
        self, session: Session, order: Order, tender: Tender, rows: ledger.Rows
    ) -> PaymentTransaction:
        """The tender's last request, or a new one if there is none or a declined one may be tried again."""
        last = ledger.latest(rows, TransactionKind.AUTHORIZE, tender.id)
        may_try_again = self.retry and last is not None and last.task_id != self.task_id
        if last is not None and not (last.status == CallStatus.DECLINED and may_try_again):
            return renew(last)
        return ledger.new_row(session, order, tender, TransactionKind.AUTHORIZE, tender.amount, self.task_id)

    def refuse_declined(self, row: PaymentTransaction) -> PaymentTransaction | None:
        """Returns the row to call the gateway for; a declined row ends the story with PaymentDeclined."""
        if row.status != CallStatus.DECLINED:
            return row
        what = f"The {row.tender.name}" if row.kind == TransactionKind.AUTHORIZE else "The capture"
        self.refusal = PaymentDeclined(f"{what} was declined: {row.decline_code}.")
        return None
