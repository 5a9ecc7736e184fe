"""Everything at once: random kills of every part, while the gateway and the warehouse answer late, twice or never.

A third of the orders is canceled in part.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import Event, Thread

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.channel import CALLS_OF_OURS
from tests.chaos.conftest import Storm
from tests.chaos.kills import KILLS, MAY_REPEAT_MAILS
from tests.chaos.traffic import PATIENCE, RUNNING, STORM, TIMEOUT, Traffic

PAUSES = 1.0, 4.0
"""Seconds between two kills, at least and at most."""
ALWAYS = 10**6


@pytest.mark.timeout(TIMEOUT)
def test_random_kills_of_every_part_lose_nothing_and_repeat_nothing(storm: Storm) -> None:
    """The cards make the gateway late, silent or answer twice. Two warehouse programs report the same parcels, every
    report arrives twice, and some goods leave only long after the last kill."""
    storm.on.api_line.double = Counter(dict.fromkeys(CALLS_OF_OURS, ALWAYS))
    twin = storm.shop.system.start_twin("warehouse")
    traffic = Traffic(storm, STORM)
    try:
        traffic.start()
        traffic.wait_until_running(RUNNING)
        with random_kills(storm) as killed:
            order_ids = traffic.finish()
        wait_until_settled(storm.shop, order_ids, PATIENCE)
    finally:
        storm.on.api_line.double = Counter()
        storm.shop.system.kill(twin)

    print(f"{STORM} orders, killed: {dict(killed)}")
    assert len(set(order_ids)) == STORM
    traffic.require_everything_happened(order_ids)
    audit(storm, order_ids, kills=sum(killed[part] for part in MAY_REPEAT_MAILS))


@contextmanager
def random_kills(storm: Storm) -> Iterator[Counter[str]]:
    """Kills and restarts one part after the other, in random order, until the block ends; each part at least once."""
    killed: Counter[str] = Counter()
    over, dice = Event(), Random(storm.random.random())
    thread = Thread(target=_kill_until, args=(over, storm, dice, killed))
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()
    assert set(killed) == set(KILLS), f"a kill failed: {killed}"


def _kill_until(over: Event, storm: Storm, dice: Random, killed: Counter[str]) -> None:
    while not over.is_set() or len(killed) < len(KILLS):
        for part in dice.sample(sorted(KILLS), len(KILLS)):
            over.wait(dice.uniform(*PAUSES))
            if over.is_set() and part in killed:
                continue
            KILLS[part](storm)
            killed[part] += 1
