"""Runs the same checks before every API route and every page action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import Response
from sqlalchemy.orm import Session

from order_api.access.actor import Actor, Permission
from order_api.access.idempotency import IdempotencyKeyRequired, answer_once
from order_api.access.incoming import IncomingRequest
from order_api.core import content
from order_api.core.errors import NotPermitted
from order_api.core.fields import StrictSchema

VersionCheck = Callable[..., None]
"""Takes session, actor, `If-Match` and the path parameters by name. Refuses a version that is not the current one."""


class PermissionMissing(NotPermitted):
    """Your role does not have the permission that the call needs. `detail` names it."""


KeyCheck = Callable[[dict[str, Any]], list[str]]
"""The fields of the content that a repeat would apply again, so that the request needs an `Idempotency-Key`."""


@dataclass(frozen=True)
class Requirements:
    """What a route or page action requires. Without a schema it takes no content. `check_version` finds the order by
    the path parameters and checks its version."""

    needs: Permission
    schema: type[ma.Schema] | None = None
    check_version: VersionCheck | None = None
    needs_key: KeyCheck | None = None


def carry_out(
    session: Session, actor: Actor, required: Requirements, incoming: IncomingRequest, answer: Callable[..., Response]
) -> Response:
    """Checks permission, schema, idempotency key and version, in this order, then calls `answer`.

    `answer` gets the content if `required` has a schema. A caller without the permission is refused before the content
    is parsed. A repeated request gets its first answer even if the version has changed since.
    """
    require(actor, required.needs)
    loaded = content.load(required.schema or StrictSchema, incoming.read())

    def checked() -> Response:
        if required.needs_key is not None and incoming.key is None and (fields := required.needs_key(loaded)):
            raise IdempotencyKeyRequired(
                "A repeat would act again; send an Idempotency-Key.",
                errors=[{"field": field, "message": "Needs an Idempotency-Key."} for field in fields],
            )
        if required.check_version is not None and incoming.if_match is not None:
            required.check_version(session, actor, incoming.if_match, **incoming.path)
        return answer(loaded) if required.schema else answer()

    return answer_once(session, actor, incoming, loaded, checked)


def require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise PermissionMissing(f"This needs the permission {permission.value!r}.")
