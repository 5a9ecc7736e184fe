"""Cancel an order or some of its units."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.cancellations.cancel import cancel_order
from order_api.cancellations.cancel_units import cancel_units_of
from order_api.cancellations.plan import plan_cancellation, wanted_units
from order_api.cancellations.schemas import CancellationBody, PreviewBody
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.orders.version import require_version
from order_api.overview.cancellations import answer_to_order, answer_to_units, preview_of
from order_api.overview.document_cancellations import CancellationAnswer, PreviewAnswer
from order_api.progress.lock import require_open

blueprint = Blueprint(
    "cancellations", __name__, url_prefix="/v1/orders", description="Cancel an order or units of it before they ship."
)


def fields_that_add_up(body: dict[str, Any]) -> list[str]:
    """A repeat would cancel as many units again."""
    return [f"items.{at}.quantity" for at, line in enumerate(body.get("items", ())) if "quantity" in line]


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/cancellations",
    needs=Permission.CANCEL_ORDERS,
    body=CancellationBody,
    answer=(202, CancellationAnswer),
    also_answers=(200,),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
    needs_key=fields_that_add_up,
)
def cancel(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Any:
    """Cancel the whole order, or units of it

    Without `items` and `rest`, the whole order is canceled, which is possible until a unit has shipped. The flow then
    undoes what was done: it recalls goods, releases stock and payment, and notifies the customer. A repeated request
    changes nothing.

    With `items`, units are canceled: all that you name or, with 409, none. `rest` cancels every unit that can still be
    canceled. Units that are not at a warehouse are canceled at once (status 200). Those at a warehouse are asked back
    (status 202) and canceled when it gives them back; what has left by then has shipped. What is due goes down by
    exactly what the units are worth; no other line, discount or tax changes.
    """
    if "items" not in body and "rest" not in body:
        return answer_to_order(cancel_order(session, actor, order_id, body["reason"]))
    order = repository.get_for_update(session, actor, order_id, Order.items)
    if order.cancel_requested_at is not None and not fields_that_add_up(body):
        # A repeat: the first call canceled the last units, and with them the order.
        return answer_to_order(order)
    require_open(order)
    plan = plan_cancellation(session, order, wanted_units(order, body))
    canceled = cancel_units_of(session, actor, order, plan, body["reason"])
    return answer_to_units(order, canceled, body["reason"]), 202 if plan.at_warehouse else 200


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/cancellations/preview",
    needs=Permission.CANCEL_ORDERS,
    body=PreviewBody,
    answer=(200, PreviewAnswer),
    errors=(409,),
    check_version=require_version,
)
def preview(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> PreviewAnswer:
    """Show what canceling units would do

    Changes nothing. Tells which units would go at once, which the warehouse would be asked for, and what the customer
    would owe. Without `items`, shows it for every unit that can still be canceled.
    """
    order = repository.get_with(session, actor, order_id, Order.items)
    require_open(order)
    wanted = wanted_units(order, body if "items" in body else {"rest": True})
    return preview_of(session, order, plan_cancellation(session, order, wanted))
