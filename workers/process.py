"""What every process beside the API does the same way."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from prometheus_client import start_http_server


def run_until_told(run: Callable[[], None], stop: Callable[[], None]) -> None:
    """Until SIGTERM or Ctrl-C; raises what `run` raises.

    `run` has a thread of its own: signals interrupt the main thread alone, and a `stop` that interrupted a wait for
    it would wait for itself.
    """
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop())
    with ThreadPoolExecutor(1, thread_name_prefix="program") as program:
        program.submit(run).result()


def serve_metrics(variable: str) -> None:
    """Prometheus metrics on 127.0.0.1 at the port that the variable names; none when it is not set."""
    port = os.environ.get(variable)
    if port:
        start_http_server(int(port), addr=os.environ.get("METRICS_ADDRESS", "127.0.0.1"))
