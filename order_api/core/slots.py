"""How many calls to one outside system a process makes at once: one that never answers must not hold all threads."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from order_api.core.errors import NotYet

PATIENCE = 0.5
"""Seconds that a call waits for others to the same system."""
SLOW = 2.0
"""Seconds after which a call is slow. Behind a slow call no other waits, nor after it until one was fast."""
COME_BACK = 5.0
"""Seconds until a task that found no room tries again. It loses no try by that."""


class Slots:
    def __init__(self, most: int | None = None) -> None:
        self.most = most
        """Calls to one system at once; None for any number."""
        self._changed = threading.Condition()
        self._began: dict[str, list[float]] = {}
        """When the calls to each system that are under way began."""
        self._slow: set[str] = set()
        """Systems whose latest call was slow: the next calls must not hold up threads until it shows again."""

    @contextmanager
    def taken(self, system: str | None) -> Iterator[None]:
        """Raises NotYet if there is no room. None stands for a system of ours, which has none."""
        if system is None or self.most is None:
            yield
            return
        began = self._take(system, self.most)
        try:
            yield
        finally:
            with self._changed:
                self._began[system].remove(began)
                (self._slow.add if _is_slow(began) else self._slow.discard)(system)
                self._changed.notify_all()

    def _take(self, system: str, most: int) -> float:
        with self._changed:
            under_way = self._began.setdefault(system, [])
            is_slow = system in self._slow or any(map(_is_slow, under_way))
            patience = 0.0 if is_slow else PATIENCE
            if not self._changed.wait_for(lambda: len(under_way) < most, patience):
                raise NotYet(f"As many calls to {system} are under way as may be at once.", COME_BACK)
            under_way.append(began := time.monotonic())
            return began


def _is_slow(began: float) -> bool:
    return time.monotonic() - began > SLOW


SLOTS = Slots()
"""Those of this process. Workers set how many."""
