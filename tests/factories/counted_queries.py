"""The statements that the service sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import event

from order_api.core import database


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Of this thread: others report what keys ask."""
    statements, ours = list[str](), get_ident()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if get_ident() == ours:
            statements.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
