"""The latest orders, found by number, external id or e-mail, filtered by status and channel."""

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from order_api.access.actor import Actor
from order_api.console import live
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.paging import Page
from order_api.core.snapshot import snapshot
from order_api.orders.search import search_orders
from order_api.orders.status import ORDER_STATUSES
from order_api.words import Channel

ROWS = 30
REFRESHED_EVERY = 3
FILTERS = ("status", "channel", "cursor")


@blueprint.get("/orders")
def orders() -> Response:
    asked = request.args.get("q", "").strip()
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    with snapshot() as session:
        page = _find(session, visitor(session), asked, wanted)
    return live.show(
        "console/orders.html",
        "console/orders_table.html",
        seconds=REFRESHED_EVERY,
        page=page,
        asked=asked,
        wanted=wanted,
        statuses=_statuses(page, wanted),
        channels=list(Channel),
    )


def _find(session: Session, actor: Actor, asked: str, wanted: dict[str, Any]) -> Page:
    """What a caller reads out is an e-mail address, our number or the channel's; the first that fits is shown."""
    query = {"sort": "-placed_at", "limit": ROWS, **wanted}
    if not asked:
        return search_orders(session, actor, query)
    if "@" in asked:
        return search_orders(session, actor, query | {"customer_email": asked})
    for meant in ({"number": asked}, {"number": asked.upper()}):
        by_number = search_orders(session, actor, query | meant)
        if by_number.rows:
            return by_number
    return search_orders(session, actor, query | {"external_id": asked})


def _statuses(page: Page, wanted: dict[str, Any]) -> list[str]:
    """The default ones in the order of an order's life, then those of a designer as far as they are in sight."""
    seen = {order.status for order in page.rows} | {wanted.get("status", "")}
    return [*ORDER_STATUSES, *sorted(seen - {*ORDER_STATUSES, ""})]
