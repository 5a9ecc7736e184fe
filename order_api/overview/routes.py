"""Orders over HTTP: place, read, find, cancel, pay anew, note."""

from typing import Any
from uuid import UUID

import structlog
from flask import request
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.route import route
from order_api.core.paging import Page
from order_api.core.parser import StrictBlueprint
from order_api.orders import examples, history, repository
from order_api.orders.address import api_address
from order_api.orders.cancel import cancel_order
from order_api.orders.models import Order
from order_api.orders.note import OrderNote, notes_of, write_note
from order_api.orders.place import place_order
from order_api.orders.schemas import (
    CancellationAnswer,
    CancellationBody,
    HistoryAnswer,
    HistoryQuery,
    NoteAnswer,
    NoteBody,
    OrderPage,
    OrderQuery,
)
from order_api.orders.schemas_place import PlaceOrderBody
from order_api.orders.search import search_orders
from order_api.overview.read import OrderView
from order_api.overview.schemas import OrderDocument
from order_api.payments.replace import replace_payment
from order_api.payments.schemas import NewPaymentBody

blueprint = StrictBlueprint("orders", __name__, url_prefix="/v1/orders", description="Orders of all channels.")


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
    order = place_order(session, actor, body)
    structlog.contextvars.bind_contextvars(order_id=str(order.id))
    notes = notes_of(session, order.id) if "note" in body else []
    return _answer(OrderView.just_placed(order, notes), Location=api_address(order.id))


@route(blueprint, "GET", "/<uuid:order_id>", needs=Permission.READ_ORDERS, answer=(200, OrderDocument))
def read(session: Session, actor: Actor, order_id: UUID) -> Any:
    """Read an order, with everything that happened to its money and goods

    The `ETag` is of the order's version, for `If-Match`. It is not made for caching: what is not a change of the order,
    such as a request to the gateway that is not answered yet, shows without a new version.
    """
    return _answer(OrderView.read(session, actor, order_id))


@route(blueprint, "GET", "", needs=Permission.READ_ORDERS, query=OrderQuery, answer=(200, OrderPage))
def find(session: Session, actor: Actor, query: dict[str, Any]) -> Any:
    """Find orders, newest first or by total, page by page

    Pages together are the list as it was when the first was read: no order of it is left out or shown twice while
    others arrive. An order that was just being stored may stand before a page that was read already; to follow new
    orders upwards, begin each time with a `placed_from` of some minutes ago.
    """
    return search_orders(session, actor, query)


@route(
    blueprint,
    "GET",
    "/<uuid:order_id>/history",
    needs=Permission.READ_ORDERS,
    query=HistoryQuery,
    answer=(200, HistoryAnswer),
)
def read_history(session: Session, actor: Actor, order_id: UUID, query: dict[str, Any]) -> Page:
    """Who did what, when, from, to and why; the oldest first, page by page"""
    return history.page_of(session, repository.get_with(session, actor, order_id).id, query)


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/notes",
    needs=Permission.WRITE_NOTES,
    body=NoteBody,
    answer=(201, NoteAnswer),
    errors=(409, 412),
    idempotent=True,
)
def note(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> OrderNote:
    """Write a note on an order"""
    repository.require_version(session, actor, order_id, request.headers.get("If-Match"))
    return write_note(session, actor, order_id, body["text"])


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


@route(
    blueprint,
    "POST",
    "/<uuid:order_id>/payments",
    needs=Permission.REPLACE_PAYMENTS,
    body=NewPaymentBody,
    answer=(201, OrderDocument),
    errors=(409, 412),
    idempotent=True,
)
def replace(session: Session, actor: Actor, order_id: UUID, body: dict[str, Any]) -> Any:
    """Give a new card for a declined one; the order goes on"""
    repository.require_version(session, actor, order_id, request.headers.get("If-Match"))
    replace_payment(session, actor, order_id, body)
    return _answer(OrderView.read(session, actor, order_id))


def _answer(view: OrderView, **headers: str) -> Any:
    return view.document(), {"ETag": repository.etag(view.order), **headers}
