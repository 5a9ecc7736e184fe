"""Takes the money for a parcel; when it is taken, the parcel is settled and an order that waits for it may close."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.payments.balance import balance
from order_api.payments.capture import CapturePayment
from order_api.payments.ledger import rows_of
from order_api.payments.write_off import reverse_needless_write_offs
from order_api.refunds.request import give_back_excess_of_closed
from order_api.shipments.repository import unsettled_shipments
from order_api.words.events import Event


@dataclass
class SettleParcel(CapturePayment):
    """Repeating is safe: a parcel is settled once. Ends as CapturePayment does."""

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        settle(session, order, self.shipment_id)
        if order.closed_at is not None:
            self._follow_late_answer(session)

    def _follow_late_answer(self, session: Session) -> None:
        """Another try paid for the parcel meanwhile, or it was written off, and the order was closed."""
        session.flush()
        order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
        sums = balance(session, order, rows_of(session, order.id))
        reverse_needless_write_offs(session, self.actor, order, sums, [], f"parcel {self.shipment_id}")
        give_back_excess_of_closed(session, self.actor, order)


def settle(session: Session, order: Order, shipment_id: UUID | None) -> bool:
    """Marks the parcel (None: every parcel) as settled, and wakes an order that waits for it. False if it was settled
    before. The order is locked."""
    settled = [row for row in unsettled_shipments(session, order.id) if shipment_id in (None, row.id)]
    for shipment in settled:
        shipment.settled_at = clock.now()
    if settled and order.waits_for_parcels:
        wake_ups.wake(session, order.number, Event.PARCEL_SETTLED, [None])
    return bool(settled)
