"""Takes the money for a parcel; when it is taken, the parcel is settled and an order that waits for it may close."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.payments.capture import CapturePayment
from order_api.payments.hold import let_items_go
from order_api.refunds.request import follow_late_money
from order_api.shipments.repository import unsettled_shipments
from order_api.words.events import Event


@dataclass
class SettleParcel(CapturePayment):
    """Repeating is safe: a parcel is settled once. Ends as CapturePayment does."""

    def finish(self, session: Session) -> None:
        order = repository.get_for_update(session, self.actor, self.order_id)
        settle(session, order, self.shipment_id)
        if self.has_held_anew:
            order = repository.get_for_update(session, self.actor, self.order_id, Order.items, Order.tenders)
            let_items_go(session, order)
        if order.closed_at is not None:
            # The answer came late: another try had paid for the parcel, or it was written off.
            order = repository.get_for_update(session, self.actor, self.order_id, Order.tenders)
            follow_late_money(session, self.actor, order, [], f"parcel {self.shipment_id}")


def settle(session: Session, order: Order, shipment_id: UUID | None) -> bool:
    """Marks the parcel (None: every parcel) as settled, and wakes an order that waits for it. False if it was settled
    before. The order is locked."""
    settled = [row for row in unsettled_shipments(session, order.id) if shipment_id in (None, row.id)]
    for shipment in settled:
        shipment.settled_at = clock.now()
    if settled and order.waits_for_parcels:
        wake_ups.wake(session, order.number, Event.PARCEL_SETTLED, [None])
    return bool(settled)
