"""The calls to a payment gateway. Each records the gateway's reply in the ledger."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import money
from order_api.core.errors import NotYet, ServiceError
from order_api.core.outside import RecordedCall, is_certainly_over
from order_api.integrations.payment.port import AUTHORIZATION_EXPIRED, GatewayReply, PaymentRequest
from order_api.integrations.payment.registry import gateway
from order_api.payments import ledger
from order_api.payments.errors import PaymentDeclined
from order_api.payments.ledger import NEVER_ARRIVED
from order_api.payments.models import PaymentTransaction, TransactionKind


@dataclass
class GatewayCall(RecordedCall[GatewayReply]):
    """Sends the request that `row` describes. `is_last` counts only if the gateway approves."""

    actor: Actor
    row: PaymentTransaction
    order_number: str
    is_last: bool = False

    @property
    def system(self) -> str:
        return f"the gateway of {self.row.tender.type}"

    def find(self) -> GatewayReply | None:
        return gateway(self.row.tender.type).find(self.row.id)

    def make(self) -> GatewayReply:
        row, chosen = self.row, gateway(self.row.tender.type)
        request = PaymentRequest(row.id, row.amount, row.currency, self.order_number)
        match row.kind:
            case TransactionKind.AUTHORIZE:
                return chosen.authorize(request, row.tender.token or "")
            case TransactionKind.CAPTURE:
                return chosen.capture(request, row.parent_reference)
            case TransactionKind.VOID:
                return chosen.void(request, row.parent_reference)
            case TransactionKind.REFUND:
                return chosen.refund(request, row.parent_reference)
        raise ValueError(f"There is no call for a {row.kind}.")

    def settle(self, session: Session, reply: GatewayReply) -> ServiceError | None:
        order = ledger.record(session, self.actor, self.row, reply)
        # The story must look again if another worker recorded the reply or the order was called off meanwhile.
        self.is_last = self.is_last and reply.approved and order is not None and not order.is_called_off
        return None


class ReleaseCall(GatewayCall):
    """Asks the gateway to release what an authorization still holds."""

    def settle(self, session: Session, reply: GatewayReply) -> ServiceError | None:
        super().settle(session, reply)
        if reply.approved or reply.decline_code == AUTHORIZATION_EXPIRED:
            # Nothing is held any more: the story looks again.
            return None
        amount = money.with_currency(self.row.amount, self.row.currency)
        return PaymentDeclined(f"The gateway refuses to release {amount}: {reply.decline_code}.")


class LookUp(GatewayCall):
    """Only looks up what became of an open request, which may still be carried out. "Not found" at the gateway counts
    as never arrived only once the request is certainly over."""

    def make(self) -> GatewayReply:
        if not is_certainly_over(self.row):
            raise NotYet(f"The {self.row.kind} {self.row.id} may still be under way.")
        return NEVER_ARRIVED
