from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.cancellations.end_undo import EndUndo
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.close import CloseOrder
from workers.runtime.registry import handles


@handles(Topic.VOID_PAYMENT, throws=frozenset({BpmnError.NOTHING_SHIPPED}))
def handle(actor: Actor, order_id: UUID, task_id: str, closing: str | None) -> ServiceError | None:
    """`closing` is a property of the task that ends a fulfilled order; an undo has none."""
    story = CloseOrder if closing == "true" else EndUndo
    return run(story(actor, order_id, task_id)).answer
