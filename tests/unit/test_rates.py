"""The rate of a key holds over all processes, however its requests are spread over them."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

import pytest

from order_api.access.rates import REPORT_INTERVAL, Asked, RateExceeded, Rates

KEY = uuid4()


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Cluster:
    """Processes that hear of each other through a dictionary."""

    def __init__(self, processes: int) -> None:
        self.clock = Clock()
        self.reports: list[Mapping[UUID, int]] = [{} for _ in range(processes)]
        self.processes = [Rates(partial(self._exchange, n), self.clock) for n in range(processes)]

    def _exchange(self, process: int, asked: Mapping[UUID, int]) -> Mapping[UUID, Asked]:
        self.reports[process] = asked
        lately = {id_: [report[id_] for report in self.reports if id_ in report] for id_ in asked}
        return {id_: Asked(sum(numbers), len(numbers)) for id_, numbers in lately.items()}

    def run(self, seconds: float, per_second: int, asked: list[int]) -> int:
        """Each process is asked so much a second. Returns how many requests were allowed."""
        allowed, steps = 0, 100
        for step in range(int(seconds * steps)):
            self.clock.now += 1 / steps
            for rates, demand in zip(self.processes, asked, strict=True):
                for _ in range(demand * (step + 1) // steps - demand * step // steps):
                    allowed += is_allowed(rates, per_second)
                if step % int(REPORT_INTERVAL * steps) == 0:
                    rates.report()
        return allowed


def is_allowed(rates: Rates, per_second: int, key: UUID = KEY) -> bool:
    try:
        rates.spend(key, per_second)
    except RateExceeded:
        return False
    return True


@pytest.mark.parametrize("asked", [[400], [200, 200], [380, 20], [100] * 4, [60, 60, 60, 60, 160], [400, 0, 0]])
def test_what_all_processes_allow_is_the_rate_within_a_fifth(asked: list[int]) -> None:
    cluster = Cluster(len(asked))
    cluster.run(2, 50, asked)

    assert 0.8 <= cluster.run(10, 50, asked) / 500 <= 1.2


def test_who_asks_less_than_the_rate_is_never_refused() -> None:
    assert Cluster(2).run(10, 50, [30, 15]) == 450


def test_a_process_that_is_asked_again_is_soon_allowed_its_part() -> None:
    cluster = Cluster(2)
    cluster.run(3, 50, [200, 0])
    cluster.run(2, 50, [200, 200])

    assert 0.8 <= cluster.run(10, 50, [200, 200]) / 500 <= 1.2


def test_a_quiet_second_is_made_up_for_and_no_more() -> None:
    clock = Clock()
    rates = Rates(lambda asked: {}, clock)
    clock.now = 60.0

    assert [is_allowed(rates, 5) for _ in range(7)] == [True] * 5 + [False] * 2
    clock.now += 0.2
    assert [is_allowed(rates, 5) for _ in range(2)] == [True, False]


def test_one_key_takes_nothing_from_another() -> None:
    rates, other = Rates(lambda asked: {}, Clock()), uuid4()
    for _ in range(100):
        is_allowed(rates, 5)

    assert is_allowed(rates, 5, other)


def test_a_refusal_says_when_to_come_again() -> None:
    rates = Rates(lambda asked: {}, Clock())
    rates.spend(KEY, 1)

    with pytest.raises(RateExceeded) as refused:
        rates.spend(KEY, 1)
    assert (refused.value.headers["Retry-After"], refused.value.status) == ("1", 429)
