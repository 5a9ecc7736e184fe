"""Workers whose whole process dies at a line chosen by the test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from order_api.core.database import transaction


class Killed(BaseException):
    """Stands for the death of the process; code must not catch it as an error."""


def die_once(patch: pytest.MonkeyPatch, vendor: type, method: str, *, after: bool) -> list[tuple[Any, ...]]:
    """The worker dies after the vendor acted, or just before. Remembers the calls that reached the vendor."""
    act: Callable[..., Any] = getattr(vendor, method)
    calls: list[tuple[Any, ...]] = []
    deaths = [Killed()]

    def dying(*given: Any, **named: Any) -> Any:
        if deaths and not after:
            raise deaths.pop()
        calls.append(given)
        answer = act(*given, **named)
        if deaths:
            raise deaths.pop()
        return answer

    patch.setattr(vendor, method, dying)
    return calls


@contextmanager
def die_at_commit(table: type, *, after: bool) -> Iterator[None]:
    """The worker dies just before, or just after, the commit of the first transaction that writes the table."""
    deaths = [Killed()]

    def remember(session: Session, _: object) -> None:
        if any(isinstance(row, table) for row in (*session.new, *session.dirty)):
            session.info["dies"] = True

    def die(session: Session) -> None:
        if deaths and session.info.get("dies"):
            raise deaths.pop()

    listeners = (("after_flush", remember), ("after_commit" if after else "before_commit", die))
    for name, act in listeners:
        event.listen(Session, name, act)
    try:
        yield
    finally:
        for name, act in listeners:
            event.remove(Session, name, act)


@contextmanager
def dying_transaction() -> Iterator[Session]:
    """The process dies just before the commit."""
    with suppress(Killed), transaction() as session:
        yield session
        raise Killed
