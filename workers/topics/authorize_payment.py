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
    Topic.AUTHORIZE_PAYMENT,
    Template(
        "Authorize payment",
        "Authorizes the amounts of the order's tenders, and answers whether the order is already frozen.",
    ),
    returns={"is_frozen"},
    throws={BpmnError.PAYMENT_DECLINED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str, decision: str | None) -> ServiceError | dict[str, bool]:
    story = run(AuthorizePayment(actor, order_id, task_id, retry=decision == "retry"))
    return story.refusal or {"is_frozen": story.is_frozen}
