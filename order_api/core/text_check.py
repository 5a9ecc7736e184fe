"""What PostgreSQL cannot store (NUL, lone surrogates, numbers without end) is refused before anything reads it."""

import math
from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest as NoJson

from order_api.core.errors import BadRequest, NotProcessable

DEEPEST = 30


class TextNotStorable(NotProcessable):
    """A NUL character or half a surrogate pair."""


class JsonUnreadable(BadRequest):
    """The body is not JSON, or nested deeper than anybody needs."""


def refuse_unstorable_text() -> None:
    for name, value in [*request.args.items(multi=True), *(request.view_args or {}).items()]:
        _check(name, str(value))
    for name in ("Idempotency-Key", "If-Match"):
        _check(name, request.headers.get(name, ""))
    if request.is_json and request.get_data():
        for path, text in _texts(_json(), ()):
            _check(path, text)


def _json() -> Any:
    try:
        return request.get_json()
    except NoJson:
        raise JsonUnreadable("The body is not JSON.") from None
    except RecursionError:
        raise JsonUnreadable("The JSON is nested too deeply.") from None


def is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _check(path: str, text: str) -> None:
    if not is_storable(text):
        message = "NUL and lone surrogates cannot be stored."
        raise TextNotStorable(f"{path}: {message}", errors=[{"field": path, "code": "invalid", "message": message}])


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if len(path) > DEEPEST:
        raise JsonUnreadable(f"The JSON is nested deeper than {DEEPEST} levels.")
    if isinstance(value, float) and not math.isfinite(value):
        raise JsonUnreadable(f"{'.'.join(path)}: JSON has no such number.")
    if isinstance(value, str):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield ".".join(path), key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, str(index)))
