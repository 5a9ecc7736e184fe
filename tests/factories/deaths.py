"""Workers that die, with their whole process, at a line of the test's choice."""

from collections.abc import Callable
from typing import Any

import pytest


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
