from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.names import BpmnError, Topic
from order_api.cancellations.give_up_item import cancel_item, refuse_shipped
from order_api.core.database import transaction
from order_api.reservations.release import release_items
from order_api.shipments.recall import recall_items
from workers.runtime.registry import handles


@handles(Topic.CANCEL_ITEM, throws=frozenset({BpmnError.UNITS_SHIPPED}))
def handle(actor: Actor, order_id: UUID, item_id: UUID) -> None:
    recall_items(actor, order_id, item_id)
    item = cancel_item(actor, order_id, item_id)
    with transaction() as session:
        release_items(session, actor, order_id, item_id)
    refuse_shipped(item)
