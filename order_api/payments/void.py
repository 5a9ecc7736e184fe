"""Releases what will not be captured, so authorized = captured + voided when an order ends (R10)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from order_api.core.errors import NotYet
from order_api.core.outside import CallStatus, is_certainly_over
from order_api.integrations.payment.port import GatewayReply
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.payments import ledger
from order_api.payments.errors import PaymentDeclined, ShippedUnpaid
from order_api.payments.ledger import NEVER_ARRIVED
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.story import PaymentStory
from order_api.payments.uncaptured import uncaptured


@dataclass
class VoidPayment(PaymentStory):
    """Repeating is safe: it releases only what is still held. Answers PaymentDeclined when the gateway refuses to
    release. Raises NotYet while a request may still be under way, and ShippedUnpaid when a shipment is not captured
    because a person moved the flow past its capture."""

    def ask(self, session: Session) -> PaymentTransaction | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
        rows = ledger.rows_of(session, order.id)
        under_way = [r for r in rows if r.status == CallStatus.REQUESTED and r.kind != TransactionKind.VOID]
        return under_way[0] if under_way else self._next_void(session, order, rows)

    def call(self, row: PaymentTransaction) -> GatewayReply:
        """An open request may still be carried out. "Not found" at the gateway counts as never arrived only once the
        request is certainly over."""
        if row.kind == TransactionKind.VOID:
            return super().call(row)
        if not is_certainly_over(row):
            raise NotYet(f"The {row.kind} {row.id} may still be under way.")
        return NEVER_ARRIVED

    def settle(self, session: Session, row: PaymentTransaction, reply: GatewayReply) -> None:
        super().settle(session, row, reply)
        if row.kind == TransactionKind.VOID and not reply.approved:
            self.refusal = PaymentDeclined(f"The gateway refuses to release {row.amount}: {reply.decline_code}.")

    def is_last(self, row: PaymentTransaction, reply: GatewayReply) -> bool:
        return self.refusal is not None

    def _next_void(self, session: Session, order: Order, rows: ledger.Rows) -> PaymentTransaction | None:
        for authorization in ledger.done(rows, TransactionKind.AUTHORIZE):
            of_it = [r for r in rows if r.authorization_id == authorization.id]
            remaining = authorization.amount - sum(r.amount for r in of_it if r.status == CallStatus.DONE)
            if remaining:
                tries = [r for r in of_it if r.kind == TransactionKind.VOID and r.status == CallStatus.REQUESTED]
                return tries[-1] if tries else self._new_try(session, order, rows, authorization, remaining)
        return None

    def _new_try(
        self, session: Session, order: Order, rows: ledger.Rows, authorization: PaymentTransaction, remaining: int
    ) -> PaymentTransaction:
        _refuse_unpaid(session, order, rows)
        tender = next(tender for tender in order.tenders if tender.id == authorization.tender_id)
        row = ledger.new_row(session, order, tender, TransactionKind.VOID, remaining, self.task_id)
        row.authorization = authorization
        return row


def _refuse_unpaid(session: Session, order: Order, rows: ledger.Rows) -> None:
    if missing := uncaptured(session, order.id, rows):
        raise ShippedUnpaid(f"{order.number}: {len(missing)} shipments are not paid. Capture them, then retry this.")
