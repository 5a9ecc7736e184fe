"""Writes off what parcels still owe and settles them, so that the order may close."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.units import require_parcel
from order_api.outbox.subjects import Parcel
from order_api.payments.write_off import write_off
from order_api.progress.wait import end_wait
from order_api.settlement.settle_parcel import settle
from order_api.words.events import Event


def write_off_parcels(session: Session, actor: Actor, order_id: UUID, shipment_id: UUID | None, task_id: str) -> bool:
    """For one parcel, or for all (`shipment_id` None). Repeating is safe. False, and nothing is booked, if a new means
    of payment has arrived that is to be tried."""
    order = repository.get_for_update(session, actor, order_id, Order.tenders)
    if shipment_id is not None:
        require_parcel(session, order, shipment_id)
    if not write_off(session, actor, order, shipment_id, task_id):
        return False
    facts = [Event.PARCEL_LEFT, Event.PAYMENT_METHOD_REPLACED]
    end_wait(session, actor, order, None if shipment_id is None else Parcel(shipment_id), *facts)
    settle(session, order, shipment_id)
    return True
