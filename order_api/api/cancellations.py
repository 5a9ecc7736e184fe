"""Cancel an order."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.cancellations.cancel import cancel_order
from order_api.cancellations.schemas import CancellationAnswer, CancellationBody
from order_api.orders.version import require_version

blueprint = Blueprint(
    "cancellations", __name__, url_prefix="/v1/orders", description="Cancel an order before it ships."
)


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/cancellations",
    needs=Permission.CANCEL_ORDERS,
    body=CancellationBody,
    answer=(202, CancellationAnswer),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
)
def cancel(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> CancellationAnswer:
    """Cancel the whole order

    Possible until a unit has shipped. The flow then undoes what was done: it recalls goods, releases stock and payment,
    and notifies the customer. A repeated request changes nothing.
    """
    order = cancel_order(session, actor, order_id, body["reason"])
    return CancellationAnswer(order.id, cast("datetime", order.cancel_requested_at), cast("str", order.cancel_reason))
