"""Takes the money for shipped goods: one capture per shipment and tender (R8, R10)."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import money
from order_api.core.outside import CallStatus, renew
from order_api.orders import repository
from order_api.orders.models import Order, Tender
from order_api.orders.units import require_parcel
from order_api.outbox.subjects import Parcel
from order_api.payments import ledger
from order_api.payments.balance import MAY_BE_DONE, balance
from order_api.payments.calls import GatewayCall
from order_api.payments.errors import PaymentDeclined
from order_api.payments.expire import book_reported_expiries
from order_api.payments.hold import amounts_to_hold, shares
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.story import PaymentStory
from order_api.progress.wait import end_wait
from order_api.words.events import Event


class CaptureNotCovered(RuntimeError):
    """The shipped worth exceeds what all tenders hold: the order's numbers are inconsistent and a person must look."""


@dataclass
class CapturePayment(PaymentStory):
    """Captures the shipment (None: every shipment of the order). Repeating is safe: skips captured shipments.

    Answers PaymentDeclined if the gateway declines. Authorizes a new means of payment first, because it holds no money
    yet; `has_held_anew` says so, because items may wait for money to be held.
    """

    shipment_id: UUID | None
    has_held_anew: bool = field(default=False, init=False)
    _has_ended_wait: bool = field(default=False, init=False)

    def ask(self, session: Session) -> GatewayCall | None:
        order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
        if self.shipment_id is not None:
            require_parcel(session, order, self.shipment_id)
        if not self._has_ended_wait:
            # Only the first time: a process restarted during the call gets its own message, which must not be dropped.
            self._end_wait(session, order)
            self._has_ended_wait = True
        rows = ledger.rows_of(session, order.id)
        holds = ledger.done(rows, TransactionKind.AUTHORIZE)
        self.has_held_anew = any(row.task_id == self.task_id for row in holds)
        # A request under way counts as captured: it is asked about first, and nothing else is taken for its part.
        unpaid = balance(session, order, rows, MAY_BE_DONE).unpaid
        missing = [(id_, amount) for id_, amount in unpaid.items() if self.shipment_id in (None, id_)]
        row = _open_try(rows, self.shipment_id)
        if row is not None:
            return self._call(order, row, is_rest=not missing)
        if not missing:
            return None
        rows = book_reported_expiries(session, self.actor, order, rows)
        parcel, amount = missing[0]
        row = self._new_try(session, order, rows, parcel, amount)
        pays_all = (row.kind, row.amount) == (TransactionKind.CAPTURE, amount)
        call = self._call(order, row, is_rest=pays_all and len(missing) == 1)
        if self.refusal is not None and not pays_all:
            unpaid_in_words = money.with_currency(amount, order.currency)
            self.refusal = PaymentDeclined(f"{unpaid_in_words} of the parcel is not paid. {self.refusal}")
        return call

    def _call(self, order: Order, row: PaymentTransaction, *, is_rest: bool) -> GatewayCall | None:
        """For the whole order, look again after the call: another parcel may leave meanwhile."""
        return self.call_unless_declined(order, row, is_last=is_rest and self.shipment_id is not None)

    def _end_wait(self, session: Session, order: Order) -> None:
        """A capture of the whole order does not end the waits of single parcels."""
        is_replaced = any(not tender.is_active for tender in order.tenders)
        facts = [Event.PAYMENT_METHOD_REPLACED] if is_replaced else []
        if self.shipment_id is None:
            end_wait(session, self.actor, order, None, *facts)
        else:
            end_wait(session, self.actor, order, Parcel(self.shipment_id), Event.PARCEL_LEFT, *facts)

    def _new_try(
        self, session: Session, order: Order, rows: ledger.Rows, shipment_id: UUID, missing: int
    ) -> PaymentTransaction:
        """A tender that declined leaves the shares of the others to be captured; the refusal comes when only its own
        is left."""
        declined = None
        for tender, share in shares(order, rows, missing):
            row = self._try(session, order, rows, tender, shipment_id, share) if share else None
            if row is not None and row.status != CallStatus.DECLINED:
                return row
            declined = declined or row
        if declined is None:
            raise CaptureNotCovered(f"{order.number}: the shipped goods are worth more than its tenders hold.")
        return declined

    def _try(
        self, session: Session, order: Order, rows: ledger.Rows, tender: Tender, shipment_id: UUID, amount: int
    ) -> PaymentTransaction:
        """The capture of this tender, or the authorization that it needs first."""
        last = _last_try(rows, tender, shipment_id, self.task_id)
        if last and last.status == CallStatus.DECLINED and (last.task_id == self.task_id or not self.retry):
            return last
        authorizations = ledger.holding(rows, tender.id)
        if not authorizations:
            to_hold = amounts_to_hold(session, order, rows)[tender.id]
            return self.next_authorization(session, order, tender, rows, to_hold)
        # Of what it does not hold, the next try authorizes the rest.
        authorization = authorizations[-1]
        amount = min(amount, ledger.left_of(rows, authorization, MAY_BE_DONE) or amount)
        row = ledger.new_row(session, order, tender, TransactionKind.CAPTURE, amount, self.task_id)
        row.parent, row.shipment_id = authorization, shipment_id
        return row


def _last_try(rows: ledger.Rows, tender: Tender, shipment_id: UUID, task_id: str) -> PaymentTransaction | None:
    """The capture that was tried last. One that failed because its authorization had expired counts only if this task
    has tried an authorization of its own."""
    held = {row.id for row in ledger.holding(rows, tender.id)}
    own = {row.id for row in ledger.done(rows, TransactionKind.AUTHORIZE, tender.id) if row.task_id == task_id}
    captures = [row for row in rows if row.parent_id in held | own]
    return ledger.latest(captures, TransactionKind.CAPTURE, tender.id, shipment_id)


def _open_try(rows: ledger.Rows, shipment_id: UUID | None) -> PaymentTransaction | None:
    captures = [row for row in rows if row.kind == TransactionKind.CAPTURE and row.status == CallStatus.REQUESTED]
    open_tries = [row for row in captures if shipment_id in (None, row.shipment_id)]
    return renew(open_tries[0]) if open_tries else None
