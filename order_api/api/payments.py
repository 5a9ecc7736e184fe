"""Means of payment of an order."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.api.orders import order_answer
from order_api.orders.version import require_version
from order_api.overview.document import OrderDocument
from order_api.overview.read import OrderView
from order_api.payments.replace import replace_tender
from order_api.payments.schemas import NewPaymentBody

blueprint = Blueprint("payments", __name__, url_prefix="/v1/orders", description="Replace a declined payment.")


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/payments",
    needs=Permission.REPLACE_PAYMENTS,
    body=NewPaymentBody,
    answer=(201, OrderDocument),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
)
def replace(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Any:
    """Replace a declined card with a new one"""
    replace_tender(session, actor, order_id, body)
    return order_answer(OrderView.read(session, actor, order_id))
