"""Checks all that is checked before a story runs, for a route of the API and an action of a page alike."""

from collections.abc import Callable
from dataclasses import dataclass

import marshmallow as ma
from flask import Response
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.asked import Asked
from order_api.access.idempotency import answer_once
from order_api.core import content
from order_api.core.errors import NotPermitted
from order_api.core.fields import StrictSchema

VersionCheck = Callable[..., None]
"""Called with session, actor, `If-Match` and the path parameters by name. Refuses a version that is not today's."""


class PermissionMissing(NotPermitted):
    """The role of the caller has no such permission."""


@dataclass(frozen=True)
class Act:
    """What a route or a page's action demands. Without a schema it takes no content. `versioned` finds the order by
    the path and checks its version."""

    needs: Permission
    schema: type[ma.Schema] | None = None
    versioned: VersionCheck | None = None


def carry_out(session: Session, actor: Actor, act: Act, asked: Asked, answer: Callable[..., Response]) -> Response:
    """Checks permission, idempotency key, schema and version, in this order, then calls `answer`, with the content if
    the act takes any.

    Nothing is read for a caller without the permission, and a repeated request gets its first answer although the
    version has moved since.
    """
    require(actor, act.needs)

    def checked() -> Response:
        loaded = content.load(act.schema or StrictSchema, asked.read())
        if act.versioned is not None and asked.if_match is not None:
            act.versioned(session, actor, asked.if_match, **asked.path)
        return answer(loaded) if act.schema else answer()

    return answer_once(session, actor, asked, checked)


def require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise PermissionMissing(f"This needs the permission {permission.value!r}.")
