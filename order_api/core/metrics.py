"""Prometheus metrics of every process. PROMETHEUS_MULTIPROC_DIR sums them over gunicorn's workers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector


@contextmanager
def uncounted_if_it_fails() -> Iterator[None]:
    """A folder of metrics that is full must not fail what is counted."""
    with suppress(OSError, ValueError):
        yield


requests_total = Counter("order_api_requests_total", "Answers of the API.", ["method", "route", "status"])
request_seconds = Histogram("order_api_request_seconds", "Time to answer.", ["method", "route"])
tasks_total = Counter("order_tasks_total", "External tasks by result.", ["topic", "result"])
task_seconds = Histogram("order_task_seconds", "Time to work an external task.", ["topic"])
outbox_sent_total = Counter("order_outbox_sent_total", "Outbox rows by result.", ["kind", "result"])
outbox_stuck = Gauge(
    "order_outbox_stuck", "Rows older than an hour or given up.", ["lane"], multiprocess_mode="mostrecent"
)
refunds_owed = Gauge(
    "order_refunds_owed", "Granted refunds that are not paid yet.", ["currency"], multiprocess_mode="mostrecent"
)
refunds_owed_amount = Gauge(
    "order_refunds_owed_amount", "What they still owe, in units of it.", ["currency"], multiprocess_mode="mostrecent"
)
refunds_owed_oldest_seconds = Gauge(
    "order_refunds_owed_oldest_seconds", "Time since the oldest.", ["currency"], multiprocess_mode="mostrecent"
)
twins_total = Counter("order_twin_processes_total", "Process instances deleted because another is bound.")


def exposition() -> bytes:
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
