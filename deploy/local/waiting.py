import time
from collections.abc import Callable

from deploy.local.problems import LocalProblem


def wait_until(is_true: Callable[[], bool], seconds: float, otherwise: str, pause: float = 0.05) -> float:
    """Polls until true; returns the seconds it took, or raises `LocalProblem(otherwise)` at the deadline."""
    started = time.monotonic()
    while not is_true():
        if time.monotonic() - started > seconds:
            raise LocalProblem(otherwise)
        time.sleep(pause)
    return time.monotonic() - started
