"""Makes the restarted process of an order settle the parcels that its lost process did not settle."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.outbox import wake_ups
from order_api.outbox.subjects import Parcel
from order_api.shipments.repository import unsettled_shipments
from order_api.words.events import Event


def announce_unsettled_parcels(session: Session, actor: Actor, order_id: UUID) -> None:
    """Announces each parcel that is not settled and whose message is not pending any more."""
    order = repository.get_for_update(session, actor, order_id)
    for shipment in unsettled_shipments(session, order.id):
        parcel = Parcel(shipment.id)
        if not wake_ups.is_wake_up_pending(session, order.number, Event.PARCEL_LEFT, parcel):
            wake_ups.wake(session, order.number, Event.PARCEL_LEFT, [parcel])
