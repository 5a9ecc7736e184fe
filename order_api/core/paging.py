"""Keyset pages: a cursor names the last row seen, so no row that already existed is skipped or shown twice.

New rows may land on either side of the cursor, because a row's time is set before its transaction commits.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from order_api.core.errors import NotProcessable


class CursorInvalid(NotProcessable):
    """The cursor is not one that this list returned. Send the `next_cursor` of the page before."""


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next_cursor: str | None


def cut(rows: list[Any], limit: int, key: Callable[[Any], tuple[Any, ...]]) -> Page:
    """`rows` holds one more than a page if there is a next one. `key` is what the cursor says of the last row."""
    if len(rows) <= limit:
        return Page(rows, None)
    return Page(rows[:limit], encode(*key(rows[limit - 1])))


def encode(*key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def decode(cursor: str, size: int) -> list[Any]:
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        key = None
    if not isinstance(key, list) or len(key) != size:
        raise CursorInvalid("Send the next_cursor of the page before, unchanged.", errors=[{"field": "cursor"}])
    return key


def moment_and_id(at: Any, id_: Any) -> tuple[datetime, UUID]:
    """Of two decoded parts of a cursor, the time and the id of the last row of the page before."""
    try:
        return datetime.fromisoformat(at), UUID(id_)
    except (TypeError, ValueError, AttributeError):
        raise CursorInvalid("Send the next_cursor of the page before.") from None
