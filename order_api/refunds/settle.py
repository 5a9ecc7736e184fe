"""For operators: asks the gateway what became of the open requests of a refund, without waiting for its flow."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import money
from order_api.core.outside import CallStatus, Story
from order_api.orders import history
from order_api.outbox.subjects import Subject
from order_api.payments.calls import GatewayCall
from order_api.payments.ledger import Rows, rows_of
from order_api.refunds.models import GRANTED, Refund, RefundState
from order_api.refunds.pay_back import (
    WaitsFor,
    call_about,
    conclude,
    last_tries,
    open_request,
    rows_of_refund,
    waits_for,
)
from order_api.refunds.repository import lock_for_task
from order_api.words.events import Event


@dataclass
class SettleRefund(Story):
    """As `PayBack`, but beside the flow: it ends no wait of the flow, and wakes it if the gateway has decided what the
    flow waits for. Repeating is safe.

    `state` is that of the refund afterwards; `open_amount` names its currency.
    """

    actor: Actor
    subject: Subject
    state: RefundState = RefundState.REQUESTED
    open_amount: str = ""
    _asked: set[UUID] = field(default_factory=set, init=False)
    _awaited: set[UUID] = field(default_factory=set, init=False)
    """Requests whose decision the flow waits for."""

    def ask(self, session: Session) -> GatewayCall | None:
        order, refund = lock_for_task(session, self.actor, self.subject)
        if refund.state not in GRANTED:
            return None
        all_rows = rows_of(session, order.id)
        rows = last_tries(all_rows, refund)
        if not self._asked:
            self._awaited = _awaited(rows)
        row = open_request(rows, self._asked)
        if row is None:
            return None
        self._asked.add(row.id)
        return call_about(self.actor, order, all_rows, row)

    def finish(self, session: Session) -> None:
        order, refund = lock_for_task(session, self.actor, self.subject)
        rows = _rows(session, refund)
        conclude(session, self.actor, order, refund)
        if any(row.id in self._awaited and row.status != CallStatus.PENDING for row in rows):
            history.record(session, order, Event.PAYMENT_REFUND_DECIDED, self.actor, subject=self.subject)
        open_ = sum(row.amount for row in rows if row.status != CallStatus.DONE)
        self.state, self.open_amount = refund.state, money.with_currency(open_, order.currency)


def _rows(session: Session, refund: Refund) -> Rows:
    return rows_of_refund(session, refund) if refund.state in GRANTED else []


def _awaited(rows: Rows) -> set[UUID]:
    """What is pending, unless the flow first waits for a person: to book, or to decide about a refused part."""
    is_refused = any(row.status == CallStatus.DECLINED for row in rows)
    if is_refused or waits_for(rows) != WaitsFor.GATEWAY:
        return set()
    return {row.id for row in rows if row.status == CallStatus.PENDING}
