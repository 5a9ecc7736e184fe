"""Reads a caller's content and loads it by a schema. It is strict: a body must be JSON, and an unknown or repeated
filter is an error."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import marshmallow as ma
from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from order_api.core.errors import NotProcessable
from order_api.core.fields import StrictSchema
from order_api.core.text_check import JsonUnreadable, read_json, refuse_unstorable

MAX_BODY = 1_000_000
"""Bytes."""
Errors = list[dict[str, str]]


class InvalidContent(NotProcessable):
    """Fields are missing, unknown or of the wrong form. `errors` lists them."""


def load(schema: type[ma.Schema], content: Any) -> dict[str, Any]:
    """Raises TextNotStorable, JsonUnreadable for deep nesting, or InvalidContent."""
    refuse_unstorable(content)
    try:
        return dict(_instance_of(schema).load(content))
    except ma.ValidationError as refused:
        errors = list(_fields(refused.messages))
        raise InvalidContent(_detail(errors), errors=errors) from None


@cache
def _instance_of(schema: type[ma.Schema]) -> ma.Schema:
    """Cached, because creating a schema copies all its fields."""
    return schema()


def read_body() -> Any:
    """Returns the JSON body; the request must have no query parameters."""
    load(StrictSchema, read_query())
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    if not request.get_data():
        raise JsonUnreadable("The body is empty; send at least {}.")
    return read_json()


def read_query() -> dict[str, str]:
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        errors = [_error((name,), "Send it only once.") for name in twice]
        raise InvalidContent(_detail(errors), errors=errors)
    return request.args.to_dict()


def _fields(messages: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """marshmallow's nested dictionary of messages, flattened to one entry per message."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _fields(value, (*path, str(key)))
    elif isinstance(messages, list):
        for message in messages:
            yield from _fields(message, path)
    else:
        yield _error(path, messages)


def _error(path: tuple[str, ...], message: str) -> dict[str, str]:
    return {"field": ".".join(path), "code": getattr(message, "code", "invalid"), "message": str(message)}


def _detail(errors: Errors) -> str:
    return "; ".join(f"{error['field']}: {error['message']}" for error in errors[:3])
