"""A gateway reports late that it took the money for a parcel, after we gave the capture up."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.integrations.payment.port import GatewayReply
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Parcel
from order_api.payments import ledger
from order_api.payments.expire import correct_expiry
from order_api.payments.models import PaymentTransaction
from order_api.refunds.request import follow_late_money
from order_api.settlement.settle_parcel import settle
from order_api.words.events import Event


def book_late_capture(
    session: Session, actor: Actor, order: Order, row: PaymentTransaction, reply: GatewayReply
) -> bool:
    """False if the capture was known. What was written off of the money that came is a loss no more; what exceeds the
    bill is owed to the customer, and of a closed order goes back by a refund. The order is locked, its items and
    tenders are loaded."""
    if ledger.record(session, actor, row, reply) is None:
        return False
    correct_expiry(session, actor, order, row)
    parcel = row.shipment_id
    sums = follow_late_money(session, actor, order, [parcel] if parcel else [], f"capture {row.id}")
    if parcel is not None and parcel not in sums.unpaid and settle(session, order, parcel):
        # The task about the declined capture has nothing left to decide.
        wake_ups.wake(session, order.number, Event.PAYMENT_METHOD_REPLACED, [Parcel(parcel)])
    return True
