"""What all pages share: their place, their protection, and errors as pages instead of problem+json."""

import json
from typing import Any

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFProtect

from order_api.access.authenticate import TOKEN_LIFETIME
from order_api.console import wording
from order_api.console.visitor import is_logged_in
from order_api.core import problem
from order_api.core.errors import NotAuthenticated

blueprint = Blueprint(
    "console",
    __name__,
    url_prefix="/console",
    static_folder="static",
    template_folder="templates",
)
csrf = CSRFProtect()
MAX_LOG_IN = 10_000
MAX_FORM = 30_000
"""Bytes: the longest note, if each character takes four bytes and each byte three characters (`%F0`)."""

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HEADERS = {
    # No inline scripts or styles, nothing from elsewhere: what a customer wrote cannot become code on a page.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def prepare(app: Flask) -> None:
    """A session lasts a working day, counted from the log-in. API routes carry no cookie and need no CSRF token."""
    app.config.update(PERMANENT_SESSION_LIFETIME=TOKEN_LIFETIME)
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    app.jinja_env.filters.update(wording.FILTERS)
    app.register_blueprint(blueprint)


@blueprint.before_request
def refuse_large_and_forged_forms() -> None:
    request.max_content_length = MAX_FORM if is_logged_in() else MAX_LOG_IN
    csrf.protect()


@blueprint.after_request
def protect(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "console.static":
        # Pages hold personal data: no copy stays behind on a shared machine.
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(Exception)
def show_error(error: Exception) -> Any:
    if isinstance(error, NotAuthenticated):
        return _ask_to_log_in()
    answer = problem.of(error)
    page = render_template("console/error.html", problem=json.loads(answer.get_data()))
    return make_response(page, answer.status_code)


def _ask_to_log_in() -> Any:
    if "HX-Request" in request.headers:
        # A page part polls: the browser reloads the whole page, and that request leads to the log-in.
        return "", 401, {"HX-Refresh": "true"}
    page = request.full_path.removesuffix("?") if request.method == "GET" else request.path
    return redirect(url_for("console.login", next=page))


@blueprint.route("/<path:unknown>", methods=METHODS)
def nothing_here(unknown: str) -> Any:
    """Answers unknown addresses below the console with a page, too."""
    return make_response(render_template("console/error.html", problem={"status": 404}), 404)
