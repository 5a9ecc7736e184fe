"""How many requests a second an API key may make, over all processes of the API together.

Each process counts in its memory, so that no request writes. While there are requests, it tells the others twice a
second what each key asked of it, and allows that part of the key's rate which is its part of what all were asked.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import ceil
from threading import Lock, Thread
from uuid import UUID, uuid4

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from order_api.access.models import RateReport
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.errors import TooManyRequests

DEFAULT_REQUESTS_PER_SECOND = 50
REPORT_INTERVAL = 0.5
RECENT = timedelta(seconds=3 * REPORT_INTERVAL)
"""Older reports are those of processes that have ended or are asked nothing."""
log = structlog.get_logger()


class RateExceeded(TooManyRequests):
    """The key makes more requests than it may. Repeat the request after `Retry-After` seconds, and send fewer."""


@dataclass(frozen=True)
class Asked:
    """What all processes were asked by a key, and how many processes that were."""

    requests: int
    processes: int


Exchange = Callable[[Mapping[UUID, int]], Mapping[UUID, Asked]]
"""Reports what each key asked since the last report; returns what all processes have reported lately."""


class _Key:
    def __init__(self, now: float) -> None:
        self.asked, self.share = 0, 1.0
        self.allowed: float | None = None
        self.counted_at = now

    def take(self, per_second: float, now: float) -> float:
        """Seconds until the next request is allowed; 0 allows this one. A quiet second may be made up for."""
        self.asked += 1
        refill = per_second * self.share
        before = refill if self.allowed is None else self.allowed
        self.allowed = min(max(refill, 1.0), before + (now - self.counted_at) * refill)
        self.counted_at = now
        if self.allowed >= 1:
            self.allowed -= 1
            return 0.0
        return (1 - self.allowed) / refill


class Rates:
    def __init__(self, exchange: Exchange, now: Callable[[], float] = time.monotonic) -> None:
        self._exchange, self._now = exchange, now
        self._lock = Lock()
        self._keys: dict[UUID, _Key] = {}

    def spend(self, key_id: UUID, per_second: int) -> None:
        """Counts one request. Raises RateExceeded."""
        now = self._now()
        with self._lock:
            wait = self._keys.setdefault(key_id, _Key(now)).take(per_second, now)
        if wait:
            raise RateExceeded(f"This key may make {per_second} requests a second.", ceil(wait))

    def report(self) -> None:
        """Keys that asked nothing since the last report are forgotten once their second is made up for."""
        with self._lock:
            asked = {key_id: key.asked for key_id, key in self._keys.items() if key.asked}
            for key_id, key in list(self._keys.items()):
                if not key.asked and self._now() - key.counted_at > 1:
                    del self._keys[key_id]
                key.asked = 0
        if not asked:
            return
        by_all = self._exchange(asked)
        with self._lock:
            for key_id, own in asked.items():
                if key_id in self._keys and key_id in by_all:
                    # One more of each, so that no process is left without any.
                    self._keys[key_id].share = (own + 1) / (by_all[key_id].requests + by_all[key_id].processes)


PROCESS = cache(lambda: str(uuid4()))


def tell_each_other(asked: Mapping[UUID, int]) -> Mapping[UUID, Asked]:
    now, row = clock.now(), RateReport
    reports = [{"process": PROCESS(), "key_id": id_, "asked": n, "reported_at": now} for id_, n in asked.items()]
    with transaction() as session:
        new = insert(row).values(reports)
        changed = {"asked": new.excluded.asked, "reported_at": new.excluded.reported_at}
        session.execute(new.on_conflict_do_update(constraint="pk_rate_reports", set_=changed))
        session.execute(delete(row).where(row.process == PROCESS(), row.reported_at < now - RECENT))
        total = select(row.key_id, func.sum(row.asked), func.count()).where(row.key_id.in_(asked))
        rows = session.execute(total.where(row.reported_at >= now - RECENT).group_by(row.key_id)).all()
    return {key_id: Asked(int(requests), processes) for key_id, requests, processes in rows}


@cache
def rates() -> Rates:
    """Those of this process, which begins to report with its first request."""
    ours = Rates(tell_each_other)
    Thread(target=_report_for_ever, args=[ours], daemon=True, name="rates").start()
    return ours


def _report_for_ever(ours: Rates) -> None:
    while True:
        time.sleep(REPORT_INTERVAL)
        try:
            ours.report()
        except SQLAlchemyError as error:
            log.warning("rates_not_reported", error=type(error).__name__)
