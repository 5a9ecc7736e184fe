from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.cancellations.begin_undo import BeginUndo
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from workers.runtime.registry import handles


@handles(Topic.CANCEL_FULFILLMENT, throws=frozenset({BpmnError.TOO_LATE}))
def handle(actor: Actor, order_id: UUID) -> ServiceError | None:
    return run(BeginUndo(actor, order_id)).answer
