from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.cancellations.end_undo import EndUndo
from order_api.core.errors import ServiceError
from order_api.core.outside import run
from order_api.payments.close import CloseOrder
from workers.runtime.registry import handles


@handles(
    Topic.VOID_PAYMENT,
    Template("Release payment", "Releases what was authorized and not taken."),
    Template(
        "Release payment and close the order",
        "Releases the rest and closes the order.",
        key="close-order",
        fixed={Property.CLOSING: "true"},
    ),
    throws={BpmnError.NOTHING_SHIPPED},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, task_id: str, closing: str | None) -> ServiceError | None:
    """The property `closing` marks the task that ends a fulfilled order; the task of an undo has none."""
    story = CloseOrder if closing == "true" else EndUndo
    return run(story(actor, order_id, task_id)).refusal
