from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.authorize import AuthorizePayment
from workers.runtime.registry import handles


@handles(Topic.AUTHORIZE_PAYMENT, throws=frozenset({BpmnError.PAYMENT_DECLINED}))
def handle(actor: Actor, order_id: UUID, task_id: str, decision: str | None) -> ServiceError | None:
    return run(AuthorizePayment(actor, order_id, task_id, retry=decision == "retry")).answer
