"""kill -9 of each part in the middle of forty orders: nothing is lost, nothing is done twice."""

import time
from collections.abc import Callable

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.conftest import Storm
from tests.chaos.traffic import ORDERS, PATIENCE, RUNNING, TIMEOUT, Traffic


def kill_process(name: str) -> Callable[[Storm], None]:
    def kill(storm: Storm) -> None:
        storm.shop.system.kill(name)
        time.sleep(0.5)
        storm.shop.system.start(name)

    return kill


def kill_engine(storm: Storm) -> None:
    storm.on.engine.kill()
    storm.on.engine.start()


def kill_database(storm: Storm) -> None:
    storm.on.postgres.kill()
    storm.on.postgres.start()


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize(
    ("victim", "kill"),
    [
        ("workers", kill_process("workers")),
        ("relay", kill_process("relay")),
        ("api", kill_process("api")),
        ("engine", kill_engine),
        ("database", kill_database),
    ],
    ids=["workers", "relay", "api", "engine", "database"],
)
def test_a_killed_part_loses_nothing_and_repeats_nothing(
    storm: Storm, victim: str, kill: Callable[[Storm], None]
) -> None:
    traffic = Traffic(storm)
    traffic.start()
    traffic.wait_until_running(RUNNING)

    kill(storm)

    order_ids = traffic.finish()
    assert len(set(order_ids)) == ORDERS
    wait_until_settled(storm.shop, order_ids, PATIENCE)
    traffic.require_everything_happened(order_ids)
    audit(storm, order_ids, mail_may_repeat=victim in ("relay", "database"))
