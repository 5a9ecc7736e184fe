"""The member of staff who looks at the pages: a name in the signed session cookie; rights are read at every request.

A cookie cannot be revoked, so it holds the time of its log-in, and a log-out ends all older cookies.
"""

from contextlib import suppress

from flask import g
from flask import session as cookie
from sqlalchemy import update
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.authenticate import CredentialInvalid, staff_actor
from order_api.access.edge import require
from order_api.access.models import User
from order_api.core import clock
from order_api.core.errors import NotAuthenticated

NAME, SINCE = "username", "since"


class NotLoggedIn(NotAuthenticated):
    """There is no log-in, it has ended, or the user was disabled since."""


def is_logged_in() -> bool:
    """Whether the cookie names a member of staff; `visitor` checks it."""
    return NAME in cookie


def enter(username: str, since: float) -> None:
    """Drops everything that the cookie held before the log-in."""
    cookie.clear()
    cookie[NAME], cookie[SINCE] = username, since


def leave(session: Session) -> None:
    """Ends every session and token of this member of staff, even in copied cookies. A cookie whose own log-in has ended
    ends no other."""
    with suppress(CredentialInvalid):
        name = staff_actor(session, cookie.get(NAME), cookie.get(SINCE, 0.0)).id
        session.execute(update(User).where(User.username == name).values(logged_out_at=clock.now()))
    cookie.clear()


def visitor(session: Session) -> Actor:
    """Raises NotLoggedIn, and PermissionMissing without the permission to read orders."""
    if not is_logged_in():
        raise NotLoggedIn("Log in to see this page.")
    try:
        actor = staff_actor(session, cookie[NAME], cookie.get(SINCE, 0.0))
    except CredentialInvalid as gone:
        cookie.clear()
        raise NotLoggedIn(gone.detail) from None
    require(actor, Permission.READ_ORDERS)
    g.visitor = actor
    return actor
