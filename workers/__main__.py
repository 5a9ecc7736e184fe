"""`python -m workers`: works the external tasks of all topics until SIGTERM."""

import signal

from order_api.core import logs
from order_api.core.settings import settings
from order_api.heartbeats.models import Program
from workers.heart import Heart
from workers.process import serve_metrics
from workers.runtime.registry import handlers
from workers.runtime.worker import Worker


def main() -> None:
    logs.configure()
    serve_metrics("WORKER_METRICS_PORT")
    worker = Worker(handlers(), settings().worker_threads, every_round=Heart(Program.WORKERS).beat)
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: worker.stop())
    worker.run()


if __name__ == "__main__":
    main()
