"""Reports from fulfillment about an item."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders.models import OrderItem
from order_api.orders.version import require_version_of_item
from order_api.overview.document_parts import ItemAnswer
from order_api.shipments.schemas import UnableToShipBody
from order_api.shipments.unable_to_ship import report_unable_to_ship

blueprint = Blueprint("items", __name__, url_prefix="/v1/items", description="Report items that cannot ship.")


@route(
    blueprint,
    "POST",
    "/<uuid:item_id>/unable-to-ship",
    needs=Permission.SHIP_ITEMS,
    body=UnableToShipBody,
    answer=(201, ItemAnswer),
    errors=(409,),
    check_version=require_version_of_item,
    idempotent=True,
)
def unable_to_ship(session: Session, actor: Actor, item_id: UUID, body: dict[str, Any]) -> OrderItem:
    """Report that an item cannot ship

    Customer service then decides what happens; it sees the reason and the note. 409 if the item was not sent to
    fulfillment.
    """
    return report_unable_to_ship(session, actor, item_id, **body)
