"""How many calls to one outside system a process makes at once: one that never answers must not hold all threads."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from order_api.core.errors import NotYet

PATIENCE = 0.5
"""Seconds that a call waits for others to the same system."""
SLOW = 2.0
"""Seconds after which a call is slow; while one is, no other waits behind it."""
COME_BACK = 5.0
"""Seconds until a task that found no room tries again. It loses no try by that."""


class Slots:
    def __init__(self, most: int | None = None) -> None:
        self.most = most
        """Calls to one system at once; None for any number."""
        self._changed = threading.Condition()
        self._began: dict[str, list[float]] = {}
        """When the calls to each system that are under way began."""

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
                self._changed.notify_all()

    def _take(self, system: str, most: int) -> float:
        with self._changed:
            under_way = self._began.setdefault(system, [])
            patience = 0.0 if under_way and time.monotonic() - under_way[0] > SLOW else PATIENCE
            if not self._changed.wait_for(lambda: len(under_way) < most, patience):
                raise NotYet(f"As many calls to {system} are under way as may be at once.", COME_BACK)
            under_way.append(began := time.monotonic())
            return began


SLOTS = Slots()
"""Those of this process. Workers set how many."""
