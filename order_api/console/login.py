"""Log in and out. After the log-in, people get the page that they asked for, if it belongs to the console."""

from typing import Any

from flask import redirect, render_template, request, url_for

from order_api.access.authenticate import CredentialInvalid, DemoCredentialRefused, verified_login_time
from order_api.access.login_attempts import TooManyLogins
from order_api.console.site import blueprint
from order_api.console.visitor import enter, leave
from order_api.core.database import transaction
from order_api.core.text_check import is_storable

MAX_CREDENTIAL_LENGTH = 200


@blueprint.get("/login")
def login() -> str:
    return _form()


@blueprint.post("/login")
def log_in() -> Any:
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    try:
        since = _check(username, password)
    except (CredentialInvalid, DemoCredentialRefused):
        return _form(username, "Wrong user name or password."), 401
    except TooManyLogins as refused:
        return _form(username, refused.detail), refused.status, refused.headers
    enter(username, since)
    return redirect(_asked_page() or url_for("console.orders"))


@blueprint.post("/logout")
def log_out() -> Any:
    with transaction() as session:
        leave(session)
    return redirect(url_for("console.login"))


def _check(username: str, password: str) -> float:
    if max(len(username), len(password)) > MAX_CREDENTIAL_LENGTH or not is_storable(username + password):
        raise CredentialInvalid("User name or password is wrong.")
    return verified_login_time(username, password, request.remote_addr or "")


def _form(username: str = "", why: str | None = None) -> str:
    """`why` the log-in was refused."""
    return render_template("console/login.html", username=username, why=why, asked=_asked_page())


def _asked_page() -> str | None:
    """Only a page of the console: otherwise a link could lead through our log-in to a stranger's page."""
    page = request.values.get("next", "")
    is_ours = page.startswith(url_for("console.orders").removesuffix("orders"))
    return page if is_ours and page.isprintable() and "\\" not in page else None
