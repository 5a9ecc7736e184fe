from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.cancellations.give_up_item import GiveUpItem
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from workers.runtime.registry import handles


@handles(Topic.CANCEL_ITEM, throws=frozenset({BpmnError.UNITS_SHIPPED}))
def handle(actor: Actor, order_id: UUID, item_id: UUID) -> ServiceError | None:
    return run(GiveUpItem(actor, order_id, item_id)).answer
