"""The latest returns, filtered by state and place, those expected today, and those whose money is due."""

from datetime import timedelta
from typing import Any

from flask import Response, make_response, render_template, request

from order_api.console.return_words import STATES
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core import clock
from order_api.core.snapshot import snapshot
from order_api.overview.returns import head_of
from order_api.returns.search import search_returns

ROWS = 30
FILTERS = ("state", "location", "cursor")
VIEWS = {"": "All", "today": "Expected today", "due": "Money due"}


@blueprint.get("/returns")
def returns() -> Response:
    wanted: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    view = request.args.get("view", "")
    query: dict[str, Any] = {"limit": ROWS, **wanted}
    if view == "today":
        query["expected_today"] = True
    if view == "due":
        query["refund_due_before"] = clock.now() + timedelta(days=7)
    with snapshot() as session:
        page = search_returns(session, visitor(session), query)
        rows = [head_of(return_, order) for return_, order in page.rows]
    shown = {"rows": rows, "next_cursor": page.next_cursor, "wanted": wanted, "states": STATES}
    return make_response(render_template("console/returns.html", view=view, views=VIEWS, **shown))
