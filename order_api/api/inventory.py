"""Receive stock."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.core.fields import Key, StrictSchema, strict_integer
from order_api.reservations.receive import StockReceipt, receive_inventory

blueprint = Blueprint("inventory", __name__, url_prefix="/v1/inventory", description="Stock.")


class ReceiptBody(StrictSchema):
    reference = Key(maximum=100, required=True, metadata={"description": "Your own id; a repeated one adds nothing."})
    sku = Key(maximum=100, required=True)
    location = Key(maximum=100, load_default="main")
    bin = Key(maximum=100, load_default="default")
    quantity = strict_integer(1, 10_000_000, required=True)


@dataclass
class ReceiptAnswer:
    reference: str
    sku: str
    location: str
    bin: str
    quantity: int


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
    """Receive stock; it goes to those who wait, the oldest first"""
    receipt = StockReceipt(**body, reported_by=actor.whole_name)
    receive_inventory(session, receipt)
    return receipt
