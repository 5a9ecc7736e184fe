"""Shared by all processes beside the API: running until a signal, and serving metrics."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from prometheus_client import start_http_server


def run_until_stopped(run: Callable[[], None], stop: Callable[[], None]) -> None:
    """Runs until SIGTERM or Ctrl-C; raises what `run` raises.

    `run` gets its own thread, because signal handlers interrupt the main thread: a `stop` that needs a lock held by the
    interrupted code would block forever.
    """
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop())
    with ThreadPoolExecutor(1, thread_name_prefix="program") as program:
        program.submit(run).result()


def serve_metrics(variable: str) -> None:
    """Serves Prometheus metrics on 127.0.0.1, or METRICS_ADDRESS, at the port in the variable; off if it is not set."""
    port = os.environ.get(variable)
    if port:
        start_http_server(int(port), addr=os.environ.get("METRICS_ADDRESS", "127.0.0.1"))
