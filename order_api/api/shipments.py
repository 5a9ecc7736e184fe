"""Shipments and their delivery."""

from typing import Any
from uuid import UUID

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders.version import require_version
from order_api.overview.document_parts import ShipmentAnswer
from order_api.shipments.deliver import deliver
from order_api.shipments.models import Shipment
from order_api.shipments.repository import require_version_of_shipment
from order_api.shipments.schemas import DeliveryBody, ShipmentBody
from order_api.shipments.ship import ship

blueprint = Blueprint("shipments", __name__, url_prefix="/v1", description="Report shipments and deliveries.")


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/shipments",
    needs=Permission.SHIP_ITEMS,
    body=ShipmentBody,
    answer=(201, ShipmentAnswer),
    errors=(409,),
    check_version=require_version,
    idempotent=True,
)
def ship_items(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Shipment:
    """Record a shipment: units, carrier, tracking number

    409 if an item was not sent to fulfillment (because the order is not paid or waits for stock), or if a cancellation
    was requested. Reporting the same parcel again changes nothing.
    """
    units = {line["line_id"]: line["quantity"] for line in body["lines"]}
    number = body["tracking_number"]
    return ship(session, actor, order_id, units, carrier=body["carrier"], tracking_number=number)


@route(
    blueprint,
    "POST",
    "/shipments/<uuid:shipment_id>/deliveries",
    needs=Permission.SHIP_ITEMS,
    body=DeliveryBody,
    answer=(201, ShipmentAnswer),
    errors=(409,),
    check_version=require_version_of_shipment,
    idempotent=True,
)
def deliver_shipment(session: Session, actor: Actor, shipment_id: UUID, body: dict[str, Any]) -> Shipment:
    """Record that a shipment has arrived"""
    return deliver(session, actor, shipment_id)
