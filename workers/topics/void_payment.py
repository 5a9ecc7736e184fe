from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import BpmnError, Property, Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.payments.void import close_payment, void_payment
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
def handle(actor: Actor, order_id: UUID, task_id: str, closing: str | None) -> None:
    """`closing` is a property of the task that ends a fulfilled order; an undo has none."""
    if closing == "true":
        close_payment(actor, order_id, task_id)
    else:
        void_payment(actor, order_id, task_id)
