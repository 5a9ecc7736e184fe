"""`python -m workers.relay`: sends the rows of the outbox until SIGTERM. Any number of relays may run."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from order_api.core import logs
from order_api.core.database import engine, transaction
from order_api.heartbeats.models import Program
from order_api.outbox import claims
from order_api.outbox.claims import SendResult
from order_api.outbox.lanes import LANES, is_known, lane_of
from order_api.outbox.models import OutboxRow
from workers.deliver_row import deliver_row
from workers.gauges import Gauges
from workers.heart import Heart
from workers.process import run_until_stopped, serve_metrics
from workers.senders import senders

log = structlog.get_logger()

MIN_RESULTS_TO_WAKE = 8
"""This many results wake the relay for a round at once."""
MIN_ROUND_INTERVAL = 0.1
"""Seconds between starts of rounds. A round costs as much as a row, so a busy relay handles several rows in each."""
MAX_SLEEP = 0.5
"""Seconds without a notification until the next round, for rows whose pause has ended and for unwritten results."""
STOP_TIMEOUT = 60.0
"""Seconds to write down the last results. Without a database they are lost and their leases run out."""


class Relay:
    """One thread works in rounds: it writes down results and claims due rows. Each lane has its own sender threads.

    `send` sends one row outside any transaction and returns its result.
    """

    def __init__(self, send: Callable[[OutboxRow], SendResult] = deliver_row) -> None:
        self._send = send
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._held: dict[int, OutboxRow] = {}
        self._sending: dict[int, Future[None]] = {}
        self._results: deque[SendResult] = deque()
        self._unwritten: list[SendResult] = []
        self._gauges = Gauges()
        self._wake = threading.Event()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Stops claiming; `run` returns once every row being sent has its result."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        heart = Heart(Program.RELAY)
        while not self._stopping.is_set():
            heart.beat()
            self._wake.clear()
            began = time.monotonic()
            if not self._try_round(may_claim=True):
                self._wake.wait(MAX_SLEEP)
            self._stopping.wait(began + MIN_ROUND_INTERVAL - time.monotonic())
        self._finish()

    def _try_round(self, *, may_claim: bool) -> bool:
        """Returns whether more rows may be due than were claimed. A failed round is repeated."""
        try:
            is_more = self._round(may_claim=may_claim)
            self._gauges.refresh()
            return is_more
        except SQLAlchemyError as error:
            log.warning("outbox_unreachable", error=type(error).__name__)
        except Exception:
            log.exception("round_failed")
        self._stopping.wait(MAX_SLEEP)
        return False

    def _round(self, *, may_claim: bool) -> bool:
        while self._results:
            self._unwritten.append(self._results.popleft())
        with transaction() as session:
            written = claims.record_results(session, self._unwritten)
            leases = claims.renew_leases(session, list(self._held.values()))
            lanes = claims.lanes_in_use(session)
            room = self._room(lanes, written) if may_claim else {}
            rows = claims.claim(session, room, self._held) if room else []
        for row_id, lease_end in leases.items():
            self._held[row_id].claimed_until = lease_end
        for result in written:
            self._unwritten.remove(result)
            del self._held[result.row.id], self._sending[result.row.id]
        self._close_pools_of_gone_receivers(lanes)
        for row in rows:
            self._held[row.id] = row
            self._sending[row.id] = self._pool(row.lane).submit(self._send_row, row)
        claimed = Counter(row.lane for row in rows)
        return any(room[lane] == claimed[lane] for lane in room)

    def _room(self, lanes: list[str], written: list[SendResult]) -> dict[str, int]:
        held = Counter(row.lane for row in self._held.values())
        held.subtract(result.row.lane for result in written)
        left = {lane: lane_of(lane).room - held[lane] for lane in lanes if is_known(lane)}
        return {lane: room for lane, room in left.items() if room > 0}

    def _pool(self, lane: str) -> ThreadPoolExecutor:
        if lane not in self._pools:
            self._pools[lane] = ThreadPoolExecutor(lane_of(lane).senders, f"sender_{lane}")
        return self._pools[lane]

    def _close_pools_of_gone_receivers(self, lanes_in_use: Collection[str]) -> None:
        """The lanes of a family come and go with their receivers; the others keep their threads."""
        needed = {*LANES, *lanes_in_use, *(row.lane for row in self._held.values())}
        for lane in self._pools.keys() - needed:
            self._pools.pop(lane).shutdown(wait=False)

    def _finish(self) -> None:
        """Gives back rows not being sent yet; the others keep their leases until their results are written down."""
        for row_id, future in self._sending.items():
            if future.cancel():
                self._results.append(SendResult.given_back(self._held[row_id]))
        deadline = time.monotonic() + STOP_TIMEOUT
        while self._held and time.monotonic() < deadline:
            self._wake.clear()
            self._try_round(may_claim=False)
            self._wake.wait(MIN_ROUND_INTERVAL)
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _send_row(self, row: OutboxRow) -> None:
        try:
            result = self._send(row)
        except Exception as error:
            log.exception("outbox_row_failed", row_id=row.id)
            result = SendResult.later(row, repr(error))
        self._results.append(result)
        if len(self._results) >= MIN_RESULTS_TO_WAKE:
            self._wake.set()

    def _listen(self) -> None:
        """PostgreSQL notifies the relay of a new row at commit; otherwise the relay looks twice a second."""
        url = engine().url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("LISTEN outbox")
                    for _ in connection.notifies():
                        self._wake.set()
            except psycopg.Error:
                self._stopping.wait(MAX_SLEEP)


def main() -> None:
    logs.configure()
    # A thread that reads a table while another one still imports its neighbors breaks the mappers for good.
    senders()
    configure_mappers()
    serve_metrics("RELAY_METRICS_PORT")
    relay = Relay()
    run_until_stopped(relay.run, relay.stop)


if __name__ == "__main__":
    main()
