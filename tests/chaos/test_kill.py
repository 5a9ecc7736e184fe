"""kill -9 of each part in the middle of many orders: nothing is lost, nothing is done twice."""

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.conftest import Storm
from tests.chaos.kills import KILLS, MAY_REPEAT_MAILS
from tests.chaos.traffic import ORDERS, PATIENCE, RUNNING, TIMEOUT, Traffic


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize("part", KILLS)
def test_a_killed_part_loses_nothing_and_repeats_nothing(storm: Storm, part: str) -> None:
    traffic = Traffic(storm)
    traffic.start()
    traffic.wait_until_running(RUNNING)

    KILLS[part](storm)

    order_ids = traffic.finish()
    assert len(set(order_ids)) == ORDERS
    wait_until_settled(storm.shop, order_ids, PATIENCE)
    traffic.require_everything_happened(order_ids)
    audit(storm, order_ids, kills=int(part in MAY_REPEAT_MAILS))
