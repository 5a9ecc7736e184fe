"""The member of staff who looks at the pages: a name in the signed session cookie; rights are read at every request."""

from flask import g
from flask import session as cookie
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.authenticate import CredentialInvalid, staff_actor
from order_api.access.route import PermissionMissing
from order_api.core.errors import NotAuthenticated

NAME = "username"


class NotLoggedIn(NotAuthenticated):
    """Nobody, not any more, or taken off the staff since."""


def enter(username: str) -> None:
    """Whatever an unknown visitor had in the cookie does not survive the log-in."""
    cookie.clear()
    cookie[NAME] = username


def leave() -> None:
    cookie.clear()


def visitor(session: Session) -> Actor:
    """Raises NotLoggedIn, and PermissionMissing for one who may not read orders."""
    if NAME not in cookie:
        raise NotLoggedIn("Log in to see this page.")
    try:
        actor = staff_actor(session, cookie[NAME])
    except CredentialInvalid as gone:
        cookie.clear()
        raise NotLoggedIn(gone.detail) from None
    if not actor.may(Permission.READ_ORDERS):
        raise PermissionMissing("Your role may not read orders.")
    g.visitor = actor
    return actor
