"""Workers that die, with their whole process, at a line of the test's choice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from order_api.core.database import transaction


class Killed(BaseException):
    """No error that anybody could catch: the process is gone."""


def die_once(patch: pytest.MonkeyPatch, vendor: type, method: str, *, after: bool) -> list[tuple[Any, ...]]:
    """The worker is gone after the vendor acted, or just before. The calls that reached the vendor are remembered."""
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
    """The worker is gone just before, or just after, the commit of the first transaction that writes the table."""
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
    """The process is gone just before the commit."""
    with suppress(Killed), transaction() as session:
        yield session
        raise Killed
