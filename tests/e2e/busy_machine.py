"""How much of this machine others took meanwhile, so that a promise in seconds can be held to on a busy one."""

import time
from collections.abc import Iterable

import psutil


class Watched:
    """From now on. What neither we nor those named in `seconds` used of the processors, others took."""

    def __init__(self) -> None:
        self.began, self.busy = time.monotonic(), _busy()

    def seconds(self, promised: float, ours: Iterable[psutil.Process]) -> float:
        """What was promised for a whole machine, stretched to what was left of it."""
        processors = (time.monotonic() - self.began) * (psutil.cpu_count() or 1)
        others = max(0.0, _busy() - self.busy - sum(_used(process) for process in ours))
        return promised / max(0.1, 1 - others / processors)


def _busy() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _used(process: psutil.Process) -> float:
    """With those of its children that have ended; they all began while we watched."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.Error:
        return 0.0
