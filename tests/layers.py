"""Runs the layers of tests in three lanes at once: two leave a quarter of two cores idle while they wait for states.

Each layer is a process of its own, so that no thread or worker of one is left over in the next. A lane that is done
takes the next layer, the longest first. A layer that fails ends all lanes; its output is printed.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PYTHON = sys.executable, "-m"
OTHERS: dict[str, tuple[str, ...]] = {"engine": (*PYTHON, "deploy.local.test_engine"), "check": ("make", "check")}
"""The layers that are no folder of tests."""
LOGS = CHECKOUT / ".local" / "test"
LAYERS = ("process", "chaos", "integration", "e2e", "commands", "contract", "check", "engine")
LANES = 3
SLOWEST = "--durations=20"
POLL_INTERVAL = 0.5


class Lane:
    """Takes layers off the front of `waiting`, which all lanes share."""

    def __init__(self, waiting: list[str]) -> None:
        self._waiting = waiting
        self._start_next()

    def _start_next(self) -> None:
        self.layer, self._began = self._waiting.pop(0), time.monotonic()
        self._log = LOGS / f"{self.layer}.log"
        command = OTHERS.get(self.layer, (*PYTHON, "pytest", SLOWEST, f"tests/{self.layer}"))
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        print(f"  … {self.layer}", flush=True)

    def go_on(self) -> bool:
        """Starts the next layer when one has passed. Returns False when none is left. Raises LayerFailed."""
        code = self._process.poll()
        if code is None:
            return True
        if code != 0:
            raise LayerFailed(f"{self._log.read_text(errors='replace')}\nThe layer {self.layer} failed: {self._log}")
        last = (self._log.read_text(errors="replace").strip().splitlines() or [""])[-1]
        summary = last.strip("= ") if "passed" in last else "passed"
        print(f"  ✓ {self.layer}: {summary} ({time.monotonic() - self._began:.0f} s)", flush=True)
        if self._waiting:
            self._start_next()
            return True
        return False

    def end(self) -> None:
        """Interrupts the layer as Ctrl-C does, so that its tests end the programs that they started."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()


class LayerFailed(Exception):
    pass


def main() -> int:
    LOGS.mkdir(parents=True, exist_ok=True)
    waiting = list(LAYERS)
    lanes = [Lane(waiting) for _ in range(LANES)]
    try:
        at_work = lanes
        while at_work:
            time.sleep(POLL_INTERVAL)
            at_work = [lane for lane in at_work if lane.go_on()]
    except LayerFailed as failure:
        print(failure, flush=True)
        return 1
    finally:
        for lane in lanes:
            lane.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
