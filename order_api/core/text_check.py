"""Refuses text that is ambiguous or cannot be stored: NUL, a name that appears twice in an object, …"""

import math
import re
from collections import Counter
from typing import Any

from flask import request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest as NoJson
from werkzeug.exceptions import UnsupportedMediaType

from order_api.core.errors import BadRequest, NotProcessable

MAX_DEPTH = 30
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class TextNotStorable(NotProcessable):
    """A text holds a NUL character or half a surrogate pair, which the database cannot store. `errors` names it."""


class JsonUnreadable(BadRequest):
    """The body is not valid JSON: malformed, nested too deeply, or with the same name twice in one object."""


class StrictJson(DefaultJSONProvider):
    """JSON as RFC 8259 requires between systems: UTF-8, and each name once per object."""

    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s.decode() if isinstance(s, bytes) else s
        return super().loads(text, object_pairs_hook=_each_name_once, **kwargs)


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise JsonUnreadable(f"{twice[:100]!r} appears twice in one object.")
    return names


def refuse_unstorable_text() -> None:
    """Checks address and headers. `content.load` checks the content later, once the caller is authenticated."""
    for name, value in [*request.args.items(multi=True), *(request.view_args or {}).items()]:
        _check(str(value), (name,))
    for name in ("Idempotency-Key", "If-Match"):
        _check(request.headers.get(name, ""), (name,))


def read_json() -> Any:
    """The parsed body of the request."""
    _refuse_other_encodings()
    return _json()


def refuse_unstorable(content: Any) -> None:
    """Raises TextNotStorable, which names the first text that cannot be stored, or JsonUnreadable for deep nesting."""
    _check_content(content, ())


def _refuse_other_encodings() -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if charset not in {"utf-8", "utf8"} or coding != "identity":
        raise UnsupportedMediaType("Send the body as UTF-8 and not compressed.")


def _json() -> Any:
    try:
        return request.get_json()
    except NoJson:
        raise JsonUnreadable("The body is not JSON.") from None
    except RecursionError:
        raise JsonUnreadable("The JSON is nested too deeply.") from None


def is_storable(text: str) -> bool:
    return NOT_STORABLE.search(text) is None


def _check(text: str, path: tuple[str, ...]) -> None:
    if not is_storable(text):
        field, message = ".".join(path), "NUL and lone surrogates cannot be stored."
        raise TextNotStorable(f"{field}: {message}", errors=[{"field": field, "code": "invalid", "message": message}])


def _check_content(value: Any, path: tuple[str, ...]) -> None:
    if len(path) > MAX_DEPTH:
        raise JsonUnreadable(f"The JSON is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, str):
        _check(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check(key, path)
            _check_content(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _check_content(inner, (*path, str(index)))
    elif isinstance(value, float) and not math.isfinite(value):
        raise JsonUnreadable(f"{'.'.join(path)}: JSON has no such number.")
