from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.cancellations.cancel import cancel_by_flow
from order_api.cancellations.give_up_item import cancel_open_items
from order_api.fraud_reviews.screen import withdraw_screening
from order_api.shipments.recall import recall_items, refuse_too_late
from workers.runtime.registry import handles


@handles(
    Topic.CANCEL_FULFILLMENT,
    Template("Recall the goods", "Calls goods back from the warehouse."),
    throws={BpmnError.TOO_LATE},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID) -> None:
    cancel_by_flow(actor, order_id)
    withdraw_screening(actor, order_id)
    recall_items(actor, order_id)
    cancel_open_items(actor, order_id)
    refuse_too_late(order_id)
