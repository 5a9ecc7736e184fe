"""The dock: a number is typed or scanned, and leads to the return whose goods have come."""

from typing import Any

from flask import redirect, render_template, request, url_for

from order_api.access.actor import Permission
from order_api.access.edge import require
from order_api.console.return_words import STATES
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.snapshot import snapshot
from order_api.overview.returns import head_of
from order_api.returns.find import find_returns


@blueprint.get("/receive")
def receive() -> Any:
    """One return that is found opens at once, at its form for goods."""
    asked = request.args.get("q", "").strip()
    with snapshot() as session:
        actor = visitor(session)
        require(actor, Permission.RECEIVE_RETURNS)
        found = [head_of(*row) for row in find_returns(session, actor, asked)] if asked else []
    if len(found) == 1:
        [head] = found
        return redirect(url_for("console.return_page", order_id=head.order_id, number=head.number))
    return render_template("console/receive.html", asked=asked, found=found, states=STATES)
