from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.payments.authorize import authorize_payment
from workers.runtime.registry import handles


@handles(Topic.AUTHORIZE_PAYMENT, throws={BpmnError.PAYMENT_DECLINED})
def handle(actor: Actor, order_id: UUID, task_id: str, decision: str | None) -> None:
    authorize_payment(actor, order_id, task_id, retry=decision == "retry")
