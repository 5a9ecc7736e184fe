from uuid import UUID

from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.settlement.write_off import write_off_parcels
from workers.runtime.registry import handles


@handles(
    Topic.WRITE_OFF,
    Template(
        "Write off",
        "Gives up claiming what is unpaid of the parcel, unless a new means of payment has just arrived; outside a"
        " parcel's flow, of all parcels.",
    ),
    returns={"payment_written_off"},
)
def handle(session: Session, actor: Actor, order_id: UUID, shipment_id: UUID | None, task_id: str) -> dict[str, bool]:
    return {"payment_written_off": write_off_parcels(session, actor, order_id, shipment_id, task_id)}
