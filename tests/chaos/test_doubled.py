"""Everything twice: each program runs twice, and every call to the engine and to our API is sent twice at once."""

from collections import Counter

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.channel import CALLS_OF_OURS
from tests.chaos.conftest import Storm
from tests.chaos.traffic import FEW, PATIENCE, TIMEOUT, Traffic, instances_ever

ALWAYS = 10**6
CALLS_OF_THE_ENGINE = ("/start", "/message", "/complete", "/bpmnError", "/failure")


@pytest.mark.timeout(TIMEOUT)
def test_everything_doubled_happens_once(storm: Storm) -> None:
    """Half of the customers send no Idempotency-Key."""
    shop, lines = storm.shop, (storm.on.line, storm.on.api_line)
    for line, calls in zip(lines, (CALLS_OF_THE_ENGINE, CALLS_OF_OURS), strict=True):
        line.double = Counter(dict.fromkeys(calls, ALWAYS))
    twins = [shop.system.start_twin(name) for name in ("workers", "relay", "warehouse")]
    traffic = Traffic(storm, FEW)
    try:
        traffic.start()
        order_ids = traffic.finish()
        wait_until_settled(shop, order_ids, PATIENCE)
    finally:
        for line in lines:
            line.double = Counter()
        for twin in twins:
            shop.system.kill(twin)

    assert {*lines[0].doubled, *lines[1].doubled} == {*CALLS_OF_THE_ENGINE, *CALLS_OF_OURS}
    traffic.require_everything_happened(order_ids)
    audit(storm, order_ids)
    assert any(len(instances_ever(shop, order_id)) > 1 for order_id in order_ids), (
        "no second process was ever started for an order"
    )
