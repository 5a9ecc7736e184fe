"""Each part waits for what it needs, so the parts can start in any order."""

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.channel import Channel
from tests.chaos.conftest import Storm
from tests.chaos.traffic import PATIENCE, TIMEOUT
from tests.fixtures.system import wait_until

ALL = {"api", "workers", "relay", "warehouse", "bank"}


@pytest.mark.timeout(TIMEOUT)
def test_our_programs_may_start_before_the_database_and_the_engine(storm: Storm) -> None:
    shop, system = storm.shop, storm.shop.system
    system.stop_all()
    storm.on.engine.kill()
    storm.on.postgres.kill()

    system.start()
    assert shop.call("GET", "/readyz").status_code == 503
    storm.on.postgres.start()
    order_id = Channel(shop, storm.received).place(shop.body(), {})
    wait_until(lambda: shop.call("GET", "/readyz").status_code == 200, what="readiness with the database alone")
    storm.on.engine.start()

    wait_until_settled(shop, [order_id], PATIENCE)
    assert shop.order(order_id)["status"] == "completed"
    assert {name for name, program in system.running.items() if program.poll() is None} == ALL
    audit(storm, [order_id])
