"""Describes a route in the OpenAPI document; `edge` does the checks."""

from collections.abc import Callable, Iterable
from typing import Any

import marshmallow as ma
from flask_smorest import Blueprint

from order_api.core.problem import CONTENT_TYPE, Problem

View = Callable[..., Any]

MEANINGS = {
    400: "The body is not valid JSON.",
    401: "The credential is missing or not valid.",
    403: "Your role does not allow the call.",
    404: "No such resource, or your credential does not cover it.",
    409: "The present state does not allow the call; `code` says why.",
    412: "The order has changed since you read it.",
    413: "The body is larger than 1 MB.",
    414: "The address with its query is longer than 4 kB.",
    415: "The body is not `application/json`.",
    422: "The content is wrong; `errors` lists the fields, at most 100.",
    429: "Repeat the request after `Retry-After` seconds.",
    431: "The headers are larger than 8 kB each or 32 kB together.",
    503: "The database does not answer; repeat the request after `Retry-After` seconds.",
}
BODY_STATUSES = frozenset({400, 413, 415})
IDEMPOTENCY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "Makes it safe to repeat the call: for 30 days, the same key and body get the same answer.",
}
IF_MATCH_HEADER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The `ETag` of the order as you read it. If it has changed since, the answer is 412. Optional.",
}
PATH_PARAMETERS = {
    "order_id": "The order's `id`.",
    "item_id": "The item's `id`, from `items` of the order.",
    "shipment_id": "The shipment's `id`, from `shipments` of the order.",
    "number": "The `number` of the refund or return, such as `2BYK2DH7QM4PXR-F1`.",
    "receipt_id": "The receipt's `id`, from `receipts` of the return.",
    "adapter": "The tender type whose adapter made the payment, such as `card`.",
}

Decorator = Callable[[View], View]


def problems(blueprint: Blueprint, statuses: Iterable[int], meanings: dict[int, str] = MEANINGS) -> Decorator:
    def describe(view: View) -> View:
        for status in sorted(statuses):
            problem = {"schema": Problem, "content_type": CONTENT_TYPE, "description": meanings[status]}
            view = blueprint.alt_response(status, **problem)(view)
        return view

    return describe


def path_parameters(rule: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name, "description": words} for name, words in PATH_PARAMETERS.items() if name in rule
    ]


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
