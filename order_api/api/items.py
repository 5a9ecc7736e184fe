"""Reports from fulfillment about an item."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders.models import OrderItem
from order_api.orders.version import require_version_of_item
from order_api.overview.document import ItemAnswer
from order_api.shipments.schemas import UnableToShipBody
from order_api.shipments.unable_to_ship import report_unable_to_ship

blueprint = Blueprint("items", __name__, url_prefix="/v1/items", description="Items that cannot leave.")


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
    """Report that an item cannot leave; a person decides what then

    409 for an item that was not handed to fulfillment. The person sees the reason and finds the note in the history.
    """
    return report_unable_to_ship(session, actor, item_id, **body)
