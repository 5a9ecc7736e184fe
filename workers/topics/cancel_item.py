from uuid import UUID

from order_api.access.actor import Actor
from order_api.camunda.element_templates import Template
from order_api.camunda.names import Topic
from order_api.camunda.retries import OUTSIDE_SYSTEM
from order_api.cancellations.cancel_items import CancelItems
from order_api.core.outside import run
from workers.runtime.registry import WithoutStatus, handles


@handles(
    Topic.CANCEL_ITEM,
    Template(
        "Cancel what did not ship",
        "Cancels the units of the item that have not left and releases their stock. Outside an item's flow, does so "
        "for all items.",
    ),
    returns={"units_shipped"},
    retries=OUTSIDE_SYSTEM,
)
def handle(actor: Actor, order_id: UUID, item_id: UUID | None) -> dict[str, bool]:
    """If units of the item have shipped, the task sets neither `order-status-after` nor `item-status-after`."""
    has_shipped = run(CancelItems(actor, order_id, item_id)).has_shipped
    answer = {"units_shipped": has_shipped}
    return WithoutStatus(answer) if has_shipped and item_id is not None else answer
