"""Receive stock."""

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.reservations.errors import LocationNotYours
from order_api.reservations.receive import StockReceipt, receive_inventory
from order_api.reservations.schemas import ReceiptAnswer, ReceiptBody

blueprint = Blueprint("inventory", __name__, url_prefix="/v1/inventory", description="Receive stock.")


@route(
    blueprint,
    "POST",
    "/receipts",
    needs=Permission.RECEIVE_INVENTORY,
    body=ReceiptBody,
    answer=(201, ReceiptAnswer),
    errors=(409,),
    idempotent=True,
)
def receive(session: Session, actor: Actor, body: dict[str, Any]) -> StockReceipt:
    """Receive stock. It goes to the backorders that have waited longest"""
    if actor.stores is not None and body["location"] not in actor.stores:
        own = ", ".join(sorted(actor.stores)) or "you have none"
        message = f"Must be one of your stores: {own}."
        raise LocationNotYours(message, errors=[{"field": "location", "code": "invalid", "message": message}])
    receipt = StockReceipt(**body, reported_by=actor.whole_name)
    receive_inventory(session, receipt)
    return receipt
