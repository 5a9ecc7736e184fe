"""Describes a route in the OpenAPI document; `edge` does the checks."""

from collections.abc import Callable, Iterable
from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from order_api.core.problem import CONTENT_TYPE, Problem

View = Callable[..., Any]

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
BODY_STATUSES = frozenset({400, 413, 415})
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


Decorator = Callable[[View], View]


def problems(blueprint: Blueprint, statuses: Iterable[int], meanings: dict[int, str] = MEANINGS) -> Decorator:
    def describe(view: View) -> View:
        for status in sorted(statuses):
            problem = {"schema": Problem, "content_type": CONTENT_TYPE, "description": meanings[status]}
            view = blueprint.alt_response(status, **problem)(view)
        return view

    return describe


def content(
    blueprint: Blueprint,
    body: type[ma.Schema] | None = None,
    examples: dict[str, Any] | None = None,
    query: type[ma.Schema] | None = None,
    headers: Iterable[dict[str, Any]] = (),
) -> Decorator:
    parts: dict[str, Any] = {}
    if parameters := [*headers, *([{"in": "query", "schema": query}] if query else [])]:
        parts["parameters"] = parameters
    if body:
        json = {"schema": body, **({"examples": examples} if examples else {})}
        parts["requestBody"] = {"required": True, "content": {"application/json": json}}
    described: Decorator = blueprint.doc(**parts)
    return described
