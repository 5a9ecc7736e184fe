"""Place, read and list orders."""

from typing import Any
from uuid import UUID

import structlog
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.orders.links import api_address
from order_api.orders.note import notes_of
from order_api.orders.schemas import OrderQuery
from order_api.orders.search import search_orders
from order_api.orders.version import etag
from order_api.overview.compose import document_of, summary_of
from order_api.overview.document import OrderDocument, OrderPage
from order_api.overview.read import OrderView
from order_api.placement import examples
from order_api.placement.place import place_order
from order_api.placement.schemas import PlaceOrderBody

blueprint = Blueprint("orders", __name__, url_prefix="/v1/orders", description="Place, read and list orders.")


@route(
    blueprint,
    "POST",
    "",
    needs=Permission.PLACE_ORDERS,
    body=PlaceOrderBody,
    examples=examples.PLACE_ORDER,
    answer=(201, OrderDocument),
    errors=(409,),
    idempotent=True,
)
def place(session: Session, actor: Actor, body: dict[str, Any]) -> Any:
    """Place an order

    Send the whole, priced order in one call. The service refuses an order that does not add up and lists every
    difference. If the channel has sent this `external_id` before, the answer is 409 with the `location` of that order.
    """
    order, process = place_order(session, actor, body)
    structlog.contextvars.bind_contextvars(order_id=str(order.id))
    notes = notes_of(session, order.id) if "note" in body else []
    return order_answer(OrderView.just_placed(order, process, notes), Location=api_address(order.id))


@route(blueprint, "GET", "/<uuid:order_id>", needs=Permission.READ_ORDERS, answer=(200, OrderDocument))
def read(session: Session, actor: Actor, order_id: UUID) -> Any:
    """Read an order with its payments, stock and shipments

    The `ETag` is the order's version, for `If-Match`. Do not use it for caching: some facts change without a new
    version, for example when the service sends a request to the payment gateway.
    """
    return order_answer(OrderView.read(session, actor, order_id))


@route(blueprint, "GET", "", needs=Permission.READ_ORDERS, query=OrderQuery, answer=(200, OrderPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> OrderPage:
    """List orders, newest first or by total, page by page

    Each order that existed when you read the first page appears exactly once, even if new orders arrive meanwhile. An
    order may become visible a moment after orders that have a later `placed_at`. So to poll for new orders, use a
    `placed_from` some minutes in the past.
    """
    page = search_orders(session, actor, query)
    return OrderPage([summary_of(order) for order in page.rows], page.next_cursor)


def order_answer(view: OrderView, **headers: str) -> Any:
    """The whole order with its version as `ETag`."""
    return document_of(view), {"ETag": etag(view.order), **headers}
