"""The decorator of an API route: it states permission, content, answer and possible errors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import marshmallow as ma
from flask import Response, current_app, request
from flask_smorest import Blueprint

from order_api.access import document
from order_api.access.actor import Permission
from order_api.access.authenticate import authenticate
from order_api.access.document import View
from order_api.access.edge import KeyCheck, Requirements, VersionCheck, carry_out
from order_api.access.incoming import IncomingRequest
from order_api.core.answers import schema_of
from order_api.core.content import read_body, read_query
from order_api.core.database import transaction
from order_api.core.snapshot import snapshot

ALWAYS = frozenset({401, 403, 404, 414, 422, 429, 431, 503})


def route(  # noqa: PLR0913 - callers pass all of them by name
    blueprint: Blueprint,
    method: str,
    rule: str,
    *,
    needs: Permission,
    answer: tuple[int, type],
    also_answers: tuple[int, ...] = (),
    body: type[ma.Schema] | None = None,
    examples: dict[str, Any] | None = None,
    query: type[ma.Schema] | None = None,
    errors: tuple[int, ...] = (),
    check_version: VersionCheck | None = None,
    idempotent: bool = False,
    needs_key: KeyCheck | None = None,
    completed_by: Callable[[Any], Any] | None = None,
) -> Callable[[View], View]:
    """`answer` is the status and the dataclass of the response; the view may set a status of `also_answers` instead.

    The view gets `session` and `actor` first, then path parameters, then the body or query. The transaction commits
    when the view returns and rolls back when the view raises. A GET reads one snapshot and writes nothing. After the
    transaction, `completed_by` makes the answer from what the view returned; it may call outside. Not if `idempotent`.
    """

    def decorate(view: View) -> View:
        statuses = ALWAYS.union(errors, document.BODY_STATUSES if body else (), [412] * (check_version is not None))
        headers = [document.IDEMPOTENCY_HEADER] * idempotent + [document.IF_MATCH_HEADER] * (check_version is not None)
        status, answered = answer
        described: View = wraps(view)(completed_by) if completed_by else view
        described = blueprint.response(status, schema_of(answered))(described)
        for other in also_answers:
            described = blueprint.alt_response(other, schema=schema_of(answered))(described)
        described = document.problems(blueprint, statuses)(described)
        described = document.content(blueprint, body, examples, query, headers)(described)
        required = Requirements(needs, body or query, check_version, needs_key)
        endpoint = _endpoint(described, required, idempotent, view if completed_by else None)
        blueprint.route(rule, methods=[method], parameters=document.path_parameters(rule))(endpoint)
        return view

    return decorate


def _endpoint(view: View, required: Requirements, idempotent: bool, prepare: View | None) -> View:
    """With `prepare`, that is called in the transaction, and `view` with its result afterwards."""

    @wraps(view)
    def endpoint(**path: Any) -> Response:
        # Receives the body before the transaction begins, so a slow caller holds no connection. `carry_out` parses it.
        request.get_data()
        is_reading = request.method in ("GET", "HEAD")
        incoming = _incoming(path, read_query if is_reading else read_body, idempotent)

        prepared: list[Any] = []

        def answer(*content: Any) -> Response:
            arguments = session, actor, *path.values(), *content
            if prepare is None:
                return current_app.make_response(view(*arguments))
            prepared.append(prepare(*arguments))
            return Response()

        with snapshot() if is_reading else transaction() as session:
            actor = authenticate(session, request.headers.get("Authorization"))
            answered = carry_out(session, actor, required, incoming, answer)
        if prepared:
            answered = current_app.make_response(view(*prepared))
        # The answer holds personal data and current amounts, so caches must not store it.
        answered.headers["Cache-Control"] = "no-store"
        return answered

    return endpoint


def _incoming(path: dict[str, Any], read: Callable[[], Any], idempotent: bool) -> IncomingRequest:
    headers = request.headers
    key = headers.get("Idempotency-Key") if idempotent else None
    return IncomingRequest(f"{request.method} {request.path}", path, read, headers.get("If-Match"), key)
