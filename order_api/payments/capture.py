"""Takes the money for shipped goods: one capture per shipment and tender (R8, R10)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core.outside import CallStatus, renew
from order_api.orders import repository
from order_api.orders.models import Order, Tender
from order_api.orders.units import shipped_units
from order_api.payments import ledger
from order_api.payments.calls import GatewayCall
from order_api.payments.errors import UnitsOutstanding
from order_api.payments.models import PaymentTransaction, TransactionKind
from order_api.payments.story import PaymentStory
from order_api.payments.uncaptured import uncaptured
from order_api.progress.wait import end_wait
from order_api.words.events import Event


class CaptureNotCovered(RuntimeError):
    """The shipped worth exceeds what all tenders hold: the order's numbers are inconsistent and a person must look."""


@dataclass
class CapturePayment(PaymentStory):
    """Captures every shipment of the item (None: of the order). Repeating is safe: skips captured shipments.

    Answers PaymentDeclined, and UnitsOutstanding when every shipment is captured but units of the item are still to
    ship. Authorizes a new means of payment first, because it holds no money yet.
    """

    item_id: UUID | None

    def ask(self, session: Session) -> GatewayCall | None:
        """Reads outstanding units under the same lock as captures; a parcel that ships later sends its own message."""
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
        end_wait(session, self.actor, order, self.item_id, *self._facts_read(order))
        outstanding, rows = self._outstanding(order), ledger.rows_of(session, order.id)
        unpaid = self._unpaid(session, order, rows)
        if not unpaid:
            self.refusal = outstanding
            return None
        shipment_id, amount = next(iter(unpaid.items()))
        row = _open_try(rows, shipment_id) or self._new_try(session, order, rows, shipment_id, amount)
        # While units are open, another parcel may leave during the call.
        is_rest = len(unpaid) == 1 and (row.kind, row.amount) == (TransactionKind.CAPTURE, amount)
        return self.call_unless_declined(order, row, is_last=is_rest and outstanding is None)

    def _outstanding(self, order: Order) -> UnitsOutstanding | None:
        if self.item_id is None:
            return None
        item = repository.item_of(order, self.item_id)
        if not item.open_quantity:
            return None
        return UnitsOutstanding(f"{item.sku}: {item.open_quantity} units are still to ship.")

    def _facts_read(self, order: Order) -> list[Event]:
        facts = [Event.PAYMENT_METHOD_REPLACED] if any(not tender.is_active for tender in order.tenders) else []
        if self.item_id is None:
            return facts
        item = repository.item_of(order, self.item_id)
        if item.unable_to_ship_reason is not None and not item.open_quantity:
            # No unit is open, so the report needs no decision by a person.
            facts.append(Event.ITEM_UNABLE_TO_SHIP)
        return [*facts, Event.ITEM_SHIPPED]

    def _unpaid(self, session: Session, order: Order, rows: ledger.Rows) -> dict[UUID, int]:
        """The amount still to capture for each shipment with units of the item (None: for each), oldest first."""
        shipped = shipped_units(session, order.id)
        relevant = {units.shipment_id for units in shipped if self.item_id in (None, units.item_id)}
        missing = uncaptured(session, order.id, rows)
        return {shipment_id: amount for shipment_id, amount in missing.items() if shipment_id in relevant}

    def _new_try(
        self, session: Session, order: Order, rows: ledger.Rows, shipment_id: UUID, missing: int
    ) -> PaymentTransaction:
        tender, available = _tender_with_money(order, rows)
        authorizations = ledger.done(rows, TransactionKind.AUTHORIZE, tender.id)
        if not authorizations:
            return self.next_authorization(session, order, tender, rows)
        last = ledger.latest(rows, TransactionKind.CAPTURE, tender.id, shipment_id)
        if last and last.status == CallStatus.DECLINED and (last.task_id == self.task_id or not self.retry):
            return last
        amount = min(missing, available)
        row = ledger.new_row(session, order, tender, TransactionKind.CAPTURE, amount, self.task_id)
        row.authorization, row.shipment_id = authorizations[-1], shipment_id
        return row


def _open_try(rows: ledger.Rows, shipment_id: UUID) -> PaymentTransaction | None:
    open_tries = [row for row in rows if row.shipment_id == shipment_id and row.status == CallStatus.REQUESTED]
    return renew(open_tries[0]) if open_tries else None


def _tender_with_money(order: Order, rows: ledger.Rows) -> tuple[Tender, int]:
    """The first tender in capture order that still holds money. An open request of another shipment counts as taken."""
    for tender in sorted((t for t in order.tenders if t.is_active), key=lambda t: t.capture_rank):
        taken = [r for r in rows if r.tender_id == tender.id and r.kind == TransactionKind.CAPTURE]
        available = tender.amount - sum(r.amount for r in taken if r.status in (CallStatus.DONE, CallStatus.REQUESTED))
        if available > 0:
            return tender, available
    raise CaptureNotCovered(f"{order.number}: more was shipped than its tenders hold.")
