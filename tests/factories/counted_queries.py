"""The statements that the service sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from order_api.core import database


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
