"""Metrics that the relay reads from the database now and then, for every program."""

import time

from order_api.core import metrics, money
from order_api.core.database import transaction
from order_api.outbox import stuck
from order_api.outbox.lanes import LANES
from order_api.refunds.owed import OwedSum, sums_owed

INTERVAL = 10.0
"""Seconds between two readings."""
NOTHING_OWED = OwedSum(0, 0, 0.0)


class Gauges:
    """Sets what is gone to zero, so that its last value does not stay."""

    def __init__(self) -> None:
        self._next_reading = 0.0
        self._lanes: set[str] = set()
        self._currencies: set[str] = set()

    def refresh(self) -> None:
        if time.monotonic() < self._next_reading:
            return
        self._next_reading = time.monotonic() + INTERVAL
        self._count_stuck()
        self._sum_owed()

    def _count_stuck(self) -> None:
        with transaction() as session:
            numbers = stuck.count_stuck(session)
        self._lanes |= LANES.keys() | numbers.keys()
        for lane in self._lanes:
            metrics.outbox_stuck.labels(lane).set(numbers.get(lane, 0))

    def _sum_owed(self) -> None:
        with transaction() as session:
            sums = sums_owed(session)
        self._currencies |= sums.keys()
        for currency in self._currencies:
            owed = sums.get(currency, NOTHING_OWED)
            metrics.refunds_owed.labels(currency).set(owed.count)
            metrics.refunds_owed_amount.labels(currency).set(float(money.to_text(owed.amount, currency)))
            metrics.refunds_owed_oldest_seconds.labels(currency).set(owed.oldest_seconds)
