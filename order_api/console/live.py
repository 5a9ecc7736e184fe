"""Pages that refresh themselves: the browser asks again and again, and is answered only when something has changed."""

import hashlib
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup

FRAGMENT = "console/live.html"
UNCHANGED = 204
STOP_ASKING = 286
"""htmx shows what comes with this status and then polls no more."""


def show(page: str, part: str, /, *, place: str = "live", seconds: int | None, **content: Any) -> Response:
    """`part` is the template inside `page` that is refreshed every so many seconds; None means that it is final.

    `place` is the id of the element that holds it.
    """
    inner = render_template(part, **content)
    digest = hashlib.sha256(inner.encode()).hexdigest()[:16]
    seen = request.args.get("seen")
    if seen == digest and seconds is not None:
        return make_response("", UNCHANGED)
    live = {"place": place, "inner": Markup(inner), "seconds": seconds, "again": _same_address(digest)}
    if seen is None:
        return make_response(render_template(page, live=live, **content))
    return make_response(render_template(FRAGMENT, live=live), 200 if seconds else STOP_ASKING)


def _same_address(digest: str) -> str:
    arguments = request.args.to_dict() | {"seen": digest}
    return url_for(str(request.endpoint), **(request.view_args or {}), **arguments)
