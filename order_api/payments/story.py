"""What every story of payments does the same way: call the gateway for a row and write down its word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core.outside import Story
from order_api.integrations.payment.port import PaymentAnswer, PaymentGateway
from order_api.integrations.payment.registry import gateway
from order_api.payments import ledger
from order_api.payments.models import PaymentTransaction, TransactionKind

Call = Callable[[PaymentGateway, PaymentTransaction], PaymentAnswer]


def _authorize(gateway: PaymentGateway, row: PaymentTransaction) -> PaymentAnswer:
    return gateway.authorize(row.id, row.tender.token or "", row.amount, row.currency)


def _capture(gateway: PaymentGateway, row: PaymentTransaction) -> PaymentAnswer:
    return gateway.capture(row.id, row.authorization_reference, row.amount)


def _void(gateway: PaymentGateway, row: PaymentTransaction) -> PaymentAnswer:
    return gateway.void(row.id, row.authorization_reference, row.amount)


CALLS: Mapping[str, Call] = {
    TransactionKind.AUTHORIZE: _authorize,
    TransactionKind.CAPTURE: _capture,
    TransactionKind.VOID: _void,
}


@dataclass
class PaymentStory(Story[PaymentTransaction, PaymentAnswer]):
    """`task_id` tells a repeated task, which gets the answer of its first try, from a new try."""

    actor: Actor
    order_id: UUID
    task_id: str

    def find(self, row: PaymentTransaction) -> PaymentAnswer | None:
        return gateway(row.tender.type).find(row.id)

    def call(self, row: PaymentTransaction) -> PaymentAnswer:
        return CALLS[row.kind](gateway(row.tender.type), row)

    def settle(self, session: Session, row: PaymentTransaction, reply: PaymentAnswer) -> None:
        ledger.record(session, self.actor, row, reply)
