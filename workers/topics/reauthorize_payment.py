from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.authorize import AuthorizePayment
from workers.runtime.registry import handles


@handles(
    Topic.REAUTHORIZE_PAYMENT,
    Template("Authorize anew", "Authorizes what is still due after an authorization has expired."),
    throws={BpmnError.PAYMENT_DECLINED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID, task_id: str, decision: str | None) -> ServiceError | None:
    return run(AuthorizePayment(actor, order_id, task_id, item_id, retry=decision == "retry")).refusal
