"""Cancel an order."""

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.cancellations.cancel import cancel_order
from order_api.cancellations.schemas import CancellationAnswer, CancellationBody
from order_api.core.parser import StrictBlueprint
from order_api.orders.models import Order

blueprint = StrictBlueprint("cancellations", __name__, url_prefix="/v1/orders", description="Cancel before it ships.")


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/cancellations",
    needs=Permission.CANCEL_ORDERS,
    body=CancellationBody,
    answer=(202, CancellationAnswer),
    errors=(409, 412),
    idempotent=True,
)
def cancel(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Order:
    """Cancel the whole order

    Accepted until a unit has shipped; the flow then undoes exactly what was done. Asking twice changes nothing.
    """
    return cancel_order(session, actor, order_id, body["reason"], request.headers.get("If-Match"))
