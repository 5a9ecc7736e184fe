"""One decorator for a route: body, answer, permission and possible errors, in the order they matter at run time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import Response, current_app, g, request
from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from order_api.access.actor import Permission
from order_api.access.authenticate import authenticate
from order_api.access.idempotency import answer_once
from order_api.core.database import transaction
from order_api.core.errors import NotPermitted
from order_api.core.parser import without_query
from order_api.core.problem import CONTENT_TYPE, Problem
from order_api.core.snapshot import snapshot

MEANINGS = {
    400: "The JSON cannot be read.",
    401: "No credential, or not a valid one.",
    403: "The credential does not allow this.",
    404: "Nothing there that you may see.",
    409: "A business rule does not allow this now.",
    412: "The order was changed since it was read.",
    413: "Larger than 1 MB.",
    415: "Not `application/json`.",
    422: "The content is not acceptable; `errors` lists the fields, of malformed content the first 100.",
    503: "The service cannot store anything now.",
}


class PermissionMissing(NotPermitted):
    """The role of the credential has no such permission."""


def route(  # noqa: PLR0913 - all of them are named where a route is declared
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    needs: Permission,
    answer: tuple[int, type[ma.Schema]],
    body: type[ma.Schema] | None = None,
    examples: dict[str, Any] | None = None,
    query: type[ma.Schema] | None = None,
    errors: tuple[int, ...] = (),
    idempotent: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view gets `session` and `actor` first, then path parameters, then the body or query.

    Leaving the request commits, raising undoes everything. A GET reads one snapshot and writes nothing.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        decorated = _with_session(view)
        decorated = blueprint.response(answer[0], answer[1])(decorated)
        if body:
            decorated = blueprint.arguments(body(), location="json", examples=examples)(decorated)
        decorated = blueprint.arguments(query(), location="query")(decorated) if query else without_query(decorated)
        for status in sorted({401, 403, 404, 422, 503, *errors} | ({400, 413, 415} if body else set())):
            decorated = blueprint.alt_response(
                status, schema=Problem, content_type=CONTENT_TYPE, description=MEANINGS[status]
            )(decorated)
        if headers := [IDEMPOTENCY_HEADER] * idempotent + [IF_MATCH_HEADER] * (412 in errors):
            decorated = blueprint.doc(parameters=headers)(decorated)
        begin = snapshot if method == "GET" else transaction
        outermost = _in_transaction(decorated, begin, needs, idempotent)
        blueprint.route(rule, methods=[method])(outermost)
        return view

    return decorate


IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Makes repeating safe for 30 days: the same key and body get the same answer.",
}


IF_MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The `ETag` of the order as you read it; refused with 412 when it was changed since. Not required.",
}


def _with_session(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def with_session(*content: Any, **path: Any) -> Any:
        return view(g.session, g.actor, *path.values(), *content)

    return with_session


def _in_transaction(
    view: Callable[..., Any],
    begin: Callable[[], AbstractContextManager[Session]],
    needs: Permission,
    idempotent: bool,
) -> Callable[..., Any]:
    @wraps(view)
    def in_transaction(**path: Any) -> Response:
        # Only taken in, so that a slow caller holds no connection; it is read when the caller is known.
        request.get_data()
        with begin() as session:
            g.session, g.actor = session, authenticate(session, request.headers.get("Authorization"))
            if not g.actor.may(needs):
                raise PermissionMissing(f"This needs the permission {needs.value!r}.")
            if idempotent:
                answer = answer_once(session, g.actor, request, lambda: current_app.make_response(view(**path)))
            else:
                answer = current_app.make_response(view(**path))
            # People and money, of this moment: nothing in between keeps them.
            answer.headers["Cache-Control"] = "no-store"
            return answer

    return in_transaction
