"""Marks a wait that took too long, unless the parcel that it was about has been settled meanwhile."""

from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.orders import repository
from order_api.orders.units import require_parcel
from order_api.outbox.subjects import Subject, flow_of
from order_api.progress import overdue
from order_api.shipments.repository import unsettled_shipments


def mark_overdue(
    session: Session,
    actor: Actor,
    subject: Subject,
    item_id: UUID | None,
    shipment_id: UUID | None,
    *,
    task_id: str,
    wait_name: str,
) -> None:
    """Marks once per task. `wait_name` names the wait in the history."""
    if shipment_id is not None:
        order = repository.get_for_update(session, actor, subject.order_id)
        if shipment_id not in {shipment.id for shipment in unsettled_shipments(session, order.id)}:
            require_parcel(session, order, shipment_id)
            return
    flow = flow_of(item_id, shipment_id)
    overdue.mark_overdue(session, actor, subject, flow, task_id=task_id, wait_name=wait_name)
