"""Place, read and find orders."""

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

blueprint = Blueprint("orders", __name__, url_prefix="/v1/orders", description="Orders of all channels.")


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

    The whole, fully priced order in one call. Its arithmetic is proven; what does not add up is refused with every
    difference. 409 with `location` when the channel has sent this `external_id` before.
    """
    order, process = place_order(session, actor, body)
    structlog.contextvars.bind_contextvars(order_id=str(order.id))
    notes = notes_of(session, order.id) if "note" in body else []
    return order_answer(OrderView.just_placed(order, process, notes), Location=api_address(order.id))


@route(blueprint, "GET", "/<uuid:order_id>", needs=Permission.READ_ORDERS, answer=(200, OrderDocument))
def read(session: Session, actor: Actor, order_id: UUID) -> Any:
    """Read an order, with everything that happened to its money and goods

    The `ETag` is of the order's version, for `If-Match`. It is not made for caching: what is not a change of the order,
    such as a request to the gateway that is not answered yet, shows without a new version.
    """
    return order_answer(OrderView.read(session, actor, order_id))


@route(blueprint, "GET", "", needs=Permission.READ_ORDERS, query=OrderQuery, answer=(200, OrderPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> OrderPage:
    """Find orders, newest first or by total, page by page

    Pages together are the list as it was when the first was read: no order of it is left out or shown twice while
    others arrive. An order that was just being stored may stand before a page that was read already; to follow new
    orders upwards, begin each time with a `placed_from` of some minutes ago.
    """
    page = search_orders(session, actor, query)
    return OrderPage([summary_of(order) for order in page.rows], page.next_cursor)


def order_answer(view: OrderView, **headers: str) -> Any:
    """The whole order with its version as `ETag`."""
    return document_of(view), {"ETag": etag(view.order), **headers}
