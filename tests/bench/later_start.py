"""(e) Seconds of a later `make run`: the data exists, and Java has its archive of the engine's classes."""

import signal
import tempfile
from pathlib import Path
from statistics import median

from tests.fixtures.make_run import make_run_in, seconds_until_up

STARTS = 3


def measure() -> tuple[str, str]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with make_run_in(folder) as running:
            running.start()
            running.send(signal.SIGINT)
            seconds = []
            for _ in range(STARTS):
                seconds.append(seconds_until_up(running.start()))
                running.send(signal.SIGINT)
    return "`make run` on existing data", f"{median(seconds):.0f} s"
