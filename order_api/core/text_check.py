"""Text that PostgreSQL cannot store (NUL, lone surrogates) is refused by name before anything reads it."""

from collections.abc import Iterator
from typing import Any

from flask import request

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
        try:
            for path, text in _texts(request.get_json(), ()):
                _check(path, text)
        except RecursionError:
            raise JsonUnreadable("The JSON is nested too deeply.") from None


def _check(path: str, text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        message = "NUL and lone surrogates cannot be stored."
        raise TextNotStorable(f"{path}: {message}", errors=[{"field": path, "code": "invalid", "message": message}])


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if len(path) > DEEPEST:
        raise JsonUnreadable(f"The JSON is nested deeper than {DEEPEST} levels.")
    if isinstance(value, str):
        yield ".".join(path), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield ".".join(path), key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, str(index)))
