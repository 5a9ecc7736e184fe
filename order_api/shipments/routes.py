"""Goods over HTTP: gone, arrived, unable to go."""

from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.core.parser import StrictBlueprint
from order_api.orders import repository
from order_api.orders.item import OrderItem
from order_api.orders.schemas import ItemAnswer, UnableToShipBody
from order_api.shipments.deliver import deliver
from order_api.shipments.models import Shipment
from order_api.shipments.repository import order_of_shipment
from order_api.shipments.schemas import DeliveryBody, ShipmentAnswer, ShipmentBody
from order_api.shipments.ship import ship
from order_api.shipments.unable_to_ship import report_unable_to_ship

blueprint = StrictBlueprint("shipments", __name__, url_prefix="/v1", description="What left and arrived.")


@route(
    blueprint,
    "POST",
    "/orders/<uuid:order_id>/shipments",
    needs=Permission.SHIP_ITEMS,
    body=ShipmentBody,
    answer=(201, ShipmentAnswer),
    errors=(409, 412),
    idempotent=True,
)
def ship_items(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Shipment:
    """Write down a shipment: units, carrier, tracking number

    409 for an item that was not handed to fulfillment (the order is not paid, or waits for stock), and once a
    cancellation was asked for. The same parcel sent again changes nothing.
    """
    repository.require_version(session, actor, order_id, request.headers.get("If-Match"))
    quantities = {line["item_id"]: line["quantity"] for line in body["lines"]}
    number = body["tracking_number"]
    return ship(session, actor, order_id, quantities, carrier=body["carrier"], tracking_number=number)


@route(
    blueprint,
    "POST",
    "/shipments/<uuid:shipment_id>/deliveries",
    needs=Permission.SHIP_ITEMS,
    body=DeliveryBody,
    answer=(201, ShipmentAnswer),
    errors=(409, 412),
    idempotent=True,
)
def deliver_shipment(session: Session, actor: Actor, shipment_id: UUID, body: dict[str, Any]) -> Shipment:
    """Write down that a shipment arrived"""
    order_id = order_of_shipment(session, actor, shipment_id)
    repository.require_version(session, actor, order_id, request.headers.get("If-Match"))
    return deliver(session, actor, shipment_id)


@route(
    blueprint,
    "POST",
    "/items/<uuid:item_id>/unable-to-ship",
    needs=Permission.SHIP_ITEMS,
    body=UnableToShipBody,
    answer=(201, ItemAnswer),
    errors=(409, 412),
    idempotent=True,
)
def unable_to_ship(session: Session, actor: Actor, item_id: UUID, body: dict[str, Any]) -> OrderItem:
    """Report that an item cannot leave; a person decides what then

    409 for an item that was not handed to fulfillment. The person sees the reason and finds the note in the history.
    """
    order_id = repository.order_of_item(session, actor, item_id)
    repository.require_version(session, actor, order_id, request.headers.get("If-Match"))
    return report_unable_to_ship(session, actor, item_id, **body)
