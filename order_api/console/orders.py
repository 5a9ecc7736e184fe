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
from order_api.orders.roll_up import ROLLED_UP
from order_api.orders.search import search_orders, statuses_in_use
from order_api.orders.status import INITIAL_STATUS, ORDER_STATUSES
from order_api.words import Channel

ROWS = 30
REFRESHED_EVERY = 3
FILTERS = ("status", "channel", "cursor")


@blueprint.get("/orders")
def orders() -> Response:
    asked = request.args.get("q", "").strip()
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    with snapshot() as session:
        actor = visitor(session)
        page = _find(session, actor, asked, wanted)
        used = statuses_in_use(session, actor)
    return live.show(
        "console/orders.html",
        "console/orders_table.html",
        seconds=REFRESHED_EVERY,
        page=page,
        asked=asked,
        wanted=wanted,
        statuses=_statuses(used, wanted),
        channels=list(Channel),
    )


def _find(session: Session, actor: Actor, asked: str, wanted: dict[str, Any]) -> Page:
    """`asked` is an e-mail address, our number or the channel's external id. Shows the first kind that matches."""
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


def _statuses(used: set[str], wanted: dict[str, Any]) -> list[str]:
    """The statuses that models have set and those that follow from the units: first the default ones, in the
    sequence in which orders pass through them, then those of designers."""
    offered = used | {INITIAL_STATUS, *ROLLED_UP} | {wanted.get("status", "")} - {""}
    return [status for status in ORDER_STATUSES if status in offered] + sorted(offered - ORDER_STATUSES.keys())
