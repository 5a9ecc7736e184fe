"""What every process beside the API does the same way."""

import os

from prometheus_client import start_http_server


def serve_metrics(variable: str) -> None:
    """Prometheus metrics on 127.0.0.1 at the port that the variable names; none when it is not set."""
    port = os.environ.get(variable)
    if port:
        start_http_server(int(port), addr=os.environ.get("METRICS_ADDRESS", "127.0.0.1"))
