"""Two acts meet at the same moment, and either may win."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from random import Random
from statistics import median
from threading import Barrier

SPREAD = 0.15
"""Seconds by which one of two acts may be late, so that either may win; more where the acts take longer."""


def meet(dice: Random, took: list[float], acts: Mapping[str, Callable[[], object]], spread: float = SPREAD) -> str:
    """The act that ended first. `took` are the seconds that such acts took so far; these are added."""
    first, second = acts
    spread = max(spread, median(took or [0.0]))
    late, start, ended = dice.uniform(-spread, spread), Barrier(2), dict[str, float]()

    def carry_out_late(name: str, seconds: float) -> None:
        start.wait()
        time.sleep(max(0.0, seconds))
        began = time.monotonic()
        acts[name]()
        ended[name] = time.monotonic()
        took.append(ended[name] - began)

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(carry_out_late, first, late), threads.submit(carry_out_late, second, -late)]
    for act in running:
        act.result()
    return min(ended, key=lambda name: ended[name])
