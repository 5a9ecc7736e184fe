"""`python -m workers.relay`: sends what the outbox holds, until SIGTERM. Any number of relays may run."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.core import logs, metrics
from order_api.core.database import engine, transaction
from order_api.heartbeats.models import Program
from order_api.outbox import deliver
from order_api.outbox.models import Kind, OutboxRow
from workers.deliver_row import deliver_row
from workers.heart import Heart
from workers.process import serve_metrics

log = structlog.get_logger()

SENDERS = 8
LONGEST_SLEEP = 0.5
"""When nobody notifies us there may still be rows whose pause has ended."""
COUNT_STUCK_EVERY = 10.0
GATHER_SECONDS = 0.02
"""Between two claims, so that rows written together are claimed together: a claim costs as much as a row."""


class Relay:
    def __init__(self, senders: int = SENDERS) -> None:
        self._pool = ThreadPoolExecutor(senders, thread_name_prefix="sender")
        self._senders = senders
        self._in_flight = 0
        self._next_count = 0.0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Claims nothing new; `run` returns when what is being sent has its answer."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        heart = Heart(Program.RELAY)
        while not self._stopping.is_set():
            heart.beat()
            self._wake.clear()
            self._stopping.wait(GATHER_SECONDS)
            try:
                if not self._send_due():
                    self._count_stuck()
                    self._wake.wait(LONGEST_SLEEP)
            except SQLAlchemyError as error:
                log.warning("outbox_unreachable", error=type(error).__name__)
                self._stopping.wait(LONGEST_SLEEP)
        self._pool.shutdown(wait=True)

    def _send_due(self) -> int:
        room = self._senders - self._in_flight
        if room <= 0:
            return 0
        with transaction() as session:
            rows = deliver.claim(session, room)
        for row in rows:
            with self._lock:
                self._in_flight += 1
            self._pool.submit(self._send, row)
        return len(rows)

    def _send(self, row: OutboxRow) -> None:
        try:
            deliver_row(row)
        except Exception:
            log.exception("outbox_row_failed", row_id=row.id)
        finally:
            with self._lock:
                self._in_flight -= 1
            self._wake.set()

    def _count_stuck(self) -> None:
        if time.monotonic() < self._next_count:
            return
        self._next_count = time.monotonic() + COUNT_STUCK_EVERY
        with transaction() as session:
            stuck = deliver.count_stuck(session)
        for kind in Kind:
            metrics.outbox_stuck.labels(kind).set(stuck.get(kind, 0))

    def _listen(self) -> None:
        """PostgreSQL tells at commit that there is a new row; without it the relay would look twice a second."""
        url = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("LISTEN outbox")
                    for _ in connection.notifies():
                        self._wake.set()
            except psycopg.Error:
                self._stopping.wait(LONGEST_SLEEP)


def main() -> None:
    logs.configure()
    serve_metrics("RELAY_METRICS_PORT")
    relay = Relay()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: relay.stop())
    relay.run()


if __name__ == "__main__":
    main()
