"""Pays a granted refund back through the gateways: one request per capture, once even if workers die (J4)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.core import clock, money
from order_api.core.outside import CallStatus, Story, renew
from order_api.orders import history
from order_api.orders.models import Order
from order_api.outbox.subjects import Subject
from order_api.payments.balance import UNDER_WAY, latest_refunds
from order_api.payments.calls import GatewayCall, LookUp
from order_api.payments.ledger import Rows, rows_of
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.progress.wait import end_wait
from order_api.refunds.errors import RefundDeclined
from order_api.refunds.models import GRANTED, Refund, RefundState
from order_api.refunds.paid_twice import open_task_if_paid_twice
from order_api.refunds.repository import lock_for_task
from order_api.refunds.tries import is_paid_already
from order_api.words.events import Event


class WaitsFor(StrEnum):
    """What a refund that is being paid still waits for."""

    NOTHING = "nothing"
    GATEWAY = "gateway"
    BOOKING = "booking"


@dataclass
class PayBack(Story):
    """Asks for what was not asked yet, and looks up once what the gateway had not decided. Repeating is safe.

    `open_amount` is a decimal string. Answers RefundDeclined if the gateway refused a part and nothing else is left to
    ask.
    """

    actor: Actor
    subject: Subject
    waits_for: WaitsFor = WaitsFor.NOTHING
    open_amount: str = ""
    _asked: set[UUID] = field(default_factory=set, init=False)

    def ask(self, session: Session) -> GatewayCall | None:
        order, refund = lock_for_task(session, self.actor, self.subject)
        if refund.state not in GRANTED:
            return None
        all_rows = rows_of(session, order.id)
        rows = last_tries(all_rows, refund)
        if (row := open_request(rows, self._asked)) is not None:
            self._asked.add(row.id)
            return call_about(self.actor, order, all_rows, row)
        facts = Event.REFUND_BOOKED, Event.PAYMENT_REFUND_DECIDED
        end_wait(session, self.actor, order, None, *facts, subject=self.subject)
        self.refusal = _refusal(rows)
        if self.refusal is not None:
            open_task_if_paid_twice(session, self.actor, order, refund)
        return None

    def finish(self, session: Session) -> None:
        order, refund = lock_for_task(session, self.actor, self.subject)
        withdraw_needless_transfer(session, refund)
        rows = rows_of_refund(session, refund)
        self.waits_for = waits_for(rows)
        # A person pays only what no gateway may still pay.
        open_ = open_transfers(rows) or [row for row in rows if row.status != CallStatus.DONE]
        self.open_amount = money.to_text(sum(row.amount for row in open_), order.currency)
        conclude(session, self.actor, order, refund)


def rows_of_refund(session: Session, refund: Refund) -> Rows:
    return last_tries(rows_of(session, refund.order_id), refund)


def last_tries(rows: Rows, refund: Refund) -> Rows:
    """Of several tries on one capture, the last. Without captures of which a lowered refund takes nothing. `rows` are
    those of the order."""
    own = [row for row in rows if row.refund_id == refund.id]
    return [row for row in latest_refunds(own) if row.status != CallStatus.WITHDRAWN]


def open_request(rows: Rows, asked: Collection[UUID]) -> PaymentTransaction | None:
    """The next request that a gateway has not decided, apart from those that were `asked` about."""
    open_ = [row for row in rows if row.kind == TransactionKind.REFUND and row.status in UNDER_WAY]
    return next((row for row in open_ if row.id not in asked), None)


def call_about(actor: Actor, order: Order, all_rows: Rows, row: PaymentTransaction) -> GatewayCall:
    """The call about an open request. An earlier try may turn out to be done: then this one is not made any more.
    `all_rows` are those of the order."""
    if is_paid_already(all_rows, row):
        return LookUp(actor, row, order.number)
    return GatewayCall(actor, renew(row), order.number)


def open_transfers(rows: Rows) -> Rows:
    """What a person is to pay outside."""
    return [r for r in rows if r.kind == TransactionKind.TRANSFER_OUTSIDE and r.status == CallStatus.REQUESTED]


def waits_for(rows: Rows) -> WaitsFor:
    open_ = {row.kind for row in rows if row.status in UNDER_WAY}
    if TransactionKind.TRANSFER_OUTSIDE in open_:
        return WaitsFor.BOOKING
    return WaitsFor.GATEWAY if open_ else WaitsFor.NOTHING


def conclude(session: Session, actor: Actor, order: Order, refund: Refund) -> None:
    """Call it when money of the refund may have gone. Marks the refund as paid, once, when the last part of it is; what
    has gone twice becomes a person's task. The order is locked."""
    open_task_if_paid_twice(session, actor, order, refund)
    rows = rows_of_refund(session, refund)
    if refund.state != RefundState.PAYING or any(row.status != CallStatus.DONE for row in rows):
        return
    refund.state, refund.ended_at = RefundState.PAID, clock.now()
    details = {"paid_back": refund.paid_back}
    history.record(session, order, Event.REFUND_PAID, actor, subject=refund.subject, details=details)


def withdraw_needless_transfer(session: Session, refund: Refund) -> bool:
    """What was to be paid outside, because the gateway had declined it, and went through the gateway after all. True if
    there was any."""
    session.flush()
    rows = rows_of_refund(session, refund)
    done = {row.parent_id for row in rows if row.status == CallStatus.DONE}
    needless = [row for row in open_transfers(rows) if row.parent_id in done]
    for row in needless:
        row.status, row.settled_at = CallStatus.WITHDRAWN, clock.now()
    session.flush()
    return bool(needless)


def _refusal(rows: Rows) -> RefundDeclined | None:
    declined = [row for row in rows if row.status == CallStatus.DECLINED]
    if not declined:
        return None
    said = [f"{money.with_currency(row.amount, row.currency)}: {row.decline_code}" for row in declined]
    return RefundDeclined(f"The payment provider refused {', '.join(said)}.")
