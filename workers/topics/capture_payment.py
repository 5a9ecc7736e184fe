from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.settlement.settle_parcel import SettleParcel
from workers.runtime.registry import handles


@handles(
    Topic.CAPTURE_PAYMENT,
    Template("Take payment", "Takes the money for the parcel that left; outside a parcel's flow, for all parcels."),
    throws={BpmnError.PAYMENT_DECLINED},
    retries=OUTSIDE_SYSTEM,
)
def handle(
    actor: Actor, order_id: UUID, shipment_id: UUID | None, task_id: str, decision: str | None
) -> ServiceError | None:
    return run(SettleParcel(actor, order_id, task_id, shipment_id, retry=decision == "retry")).refusal
