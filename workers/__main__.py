"""`python -m workers`: works the external tasks of all topics until SIGTERM."""

from sqlalchemy.orm import configure_mappers

from order_api.core import logs
from order_api.core.settings import settings
from order_api.core.slots import SLOTS
from order_api.heartbeats.models import Program
from workers.heart import Heart
from workers.process import run_until_stopped, serve_metrics
from workers.runtime.registry import handlers
from workers.runtime.worker import Worker


def main() -> None:
    logs.configure()
    serve_metrics("WORKER_METRICS_PORT")
    topics = handlers()
    configure_mappers()
    SLOTS.most = max(1, settings().worker_threads // 4)
    worker = Worker(topics, settings().worker_threads, every_round=Heart(Program.WORKERS).beat)
    run_until_stopped(worker.run, worker.stop)


if __name__ == "__main__":
    main()
