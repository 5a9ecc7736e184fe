from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.void import VoidPayment
from workers.runtime.registry import handles


@handles(
    Topic.VOID_PAYMENT,
    Template("Release payment", "Releases the authorized money that was not taken."),
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str) -> ServiceError | None:
    return run(VoidPayment(actor, order_id, task_id)).refusal
