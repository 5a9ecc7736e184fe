"""What was sent and answered, counted by all threads together."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

from sqlalchemy import inspect, text

from order_api.core.database import engine, transaction

MARK = re.compile(r"fuzz-\d+-\d+x")
ANSWERS = {"idempotency_keys"}
"""Tables that keep answers, not what was stored for them."""


@dataclass
class Tally:
    """`seed` is in each mark, so that runs on one database do not mix."""

    seed: int
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By what was tried, such as `GET /v1/orders` or `raw HTTP`, and the status."""
    failures: list[str] = field(default_factory=list)
    marks: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The statuses of the requests that held a mark."""

    def __post_init__(self) -> None:
        self._lock, self._numbers = Lock(), count()

    def mark(self) -> str:
        """A text for a request that nothing else holds: found in the database, the request was stored."""
        with self._lock:
            return f"fuzz-{self.seed}-{next(self._numbers)}x"

    def add(self, tried: str, status: int, sent: str) -> None:
        with self._lock:
            self.answers[tried, status] += 1
            for mark in MARK.findall(sent):
                self.marks[mark].add(status)
            if status >= 500:
                self.failures.append(f"{tried} answered {status}: {sent[:2_000]}")

    def fail(self, what: str) -> None:
        with self._lock:
            self.failures.append(what)

    @property
    def total(self) -> int:
        return sum(self.answers.values())

    @property
    def share_of_2xx(self) -> float:
        return sum(n for (_, status), n in self.answers.items() if status < 300) / max(1, self.total)

    def times_2xx(self, tried: str) -> int:
        return sum(n for (name, status), n in self.answers.items() if name == tried and status < 300)

    def stored_although_refused_and_lost(self) -> tuple[set[str], set[str]]:
        """The marks of refused requests that are in the database, and those of requests that created something and are
        not."""
        stored = _marks_in_database()
        refused = {mark for mark, statuses in self.marks.items() if all(400 <= status < 500 for status in statuses)}
        created = {mark for mark, statuses in self.marks.items() if 201 in statuses}
        return refused & stored, created - stored

    def __str__(self) -> str:
        statuses = Counter[int]()
        for (_, status), n in self.answers.items():
            statuses[status] += n
        shown = ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items()))
        return f"seed {self.seed}: {self.total} requests, {self.share_of_2xx:.0%} answered 2xx ({shown})"


def _marks_in_database() -> set[str]:
    tables = set(inspect(engine()).get_table_names()) - ANSWERS
    with transaction() as session:
        rows = (
            session.scalars(text(f"SELECT t::text FROM {table} t WHERE t::text LIKE '%fuzz-%'"))
            for table in sorted(tables)
        )
        return {mark for of_table in rows for row in of_table for mark in MARK.findall(row)}
