from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.payments.void import close_payment, void_payment
from workers.runtime.registry import handles


@handles(Topic.VOID_PAYMENT, throws={BpmnError.NOTHING_SHIPPED})
def handle(actor: Actor, order_id: UUID, task_id: str, closing: str | None) -> None:
    """`closing` is a property of the task that ends a fulfilled order; an undo has none."""
    if closing == "true":
        close_payment(actor, order_id, task_id)
    else:
        void_payment(actor, order_id, task_id)
