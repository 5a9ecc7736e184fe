"""A gateway reports late that it took the money for a parcel, after we gave the capture up."""

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.integrations.payment.port import GatewayReply
from order_api.orders.models import Order
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Parcel
from order_api.payments import ledger
from order_api.payments.balance import balance
from order_api.payments.expire import correct_expiry
from order_api.payments.models import PaymentTransaction
from order_api.payments.write_off import reverse_needless_write_offs
from order_api.refunds.request import give_back_excess_of_closed
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
    session.flush()
    sums = balance(session, order, ledger.rows_of(session, order.id))
    parcels = [row.shipment_id] if row.shipment_id else []
    reverse_needless_write_offs(session, actor, order, sums, parcels, f"capture {row.id}")
    parcel = row.shipment_id
    if parcel is not None and parcel not in sums.unpaid and settle(session, order, parcel):
        # The task about the declined capture has nothing left to decide.
        wake_ups.wake(session, order.number, Event.PAYMENT_METHOD_REPLACED, [Parcel(parcel)])
    give_back_excess_of_closed(session, actor, order)
    return True
