"""Pages that refresh themselves: the browser polls, and gets content only when something has changed."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from markupsafe import Markup

FRAGMENT = "console/live.html"
UNCHANGED = 204
STOP_ASKING = 286
"""htmx shows the content of an answer with this status, then stops polling."""


def show(
    page: str, part: str, /, *, place: str = "live", seconds: int | None, address: str | None = None, **content: Any
) -> Response:
    """`part` is the template inside `page` that refreshes every `seconds`; if `seconds` is None, it does not.

    `place` is the id of the element that holds it. The browser polls `address`, by default the present one.
    """
    inner = render_template(part, **content)
    digest = hashlib.sha256(inner.encode()).hexdigest()[:16]
    seen = request.args.get("seen")
    if seen == digest and seconds is not None:
        return make_response("", UNCHANGED)
    # The template above has escaped what it holds.
    rendered = Markup(inner)  # noqa: S704 - see above
    again = _again(address or request.script_root + request.path, digest)
    live = {"place": place, "inner": rendered, "seconds": seconds, "again": again}
    if seen is None:
        return make_response(render_template(page, live=live, **content))
    return make_response(render_template(FRAGMENT, live=live), 200 if seconds else STOP_ASKING)


def _again(address: str, digest: str) -> str:
    return f"{address}?{urlencode(request.args.to_dict() | {'seen': digest})}"
