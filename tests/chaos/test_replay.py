"""A replay is killed in the middle and repeated over an unreliable connection: each order exists once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from order_api.cli.replay import superstore
from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.conftest import Storm
from tests.chaos.traffic import PATIENCE, TIMEOUT
from tests.fixtures.proxy import line_to
from tests.fixtures.system import ROOT, wait_until

SAMPLE = Path(__file__).parents[1] / "samples" / "orders_100.csv"


@pytest.mark.timeout(TIMEOUT)
def test_a_replay_that_was_killed_is_repeated_and_every_order_is_there_once(storm: Storm) -> None:
    shop = storm.shop
    orders = superstore.read_orders(SAMPLE)
    total = sum(superstore.grand_total(order) for order in orders)
    command = [sys.executable, "-m", "order_api.cli", "replay", str(SAMPLE)]
    killed = subprocess.Popen(command, env=shop.system.env, cwd=ROOT, stdout=subprocess.DEVNULL)
    wait_until(lambda: placed(storm) >= 30, what="thirty orders placed")
    killed.kill()
    killed.wait()

    with line_to(shop.system.url) as (line, url):
        line.lose = Counter({"/orders": 12, "/receipts": 3})
        output = shop.system.command("replay", str(SAMPLE), "--url", url, seconds=PATIENCE)

    assert f"Total of all accepted orders: {total:,.2f} USD" in output
    assert line.lost == {"/orders": 12, "/receipts": 3}
    assert "refused" not in output
    assert "100 completed\nAll closed" in output
    order_ids = [str(row[0]) for row in shop.sql("SELECT id FROM orders WHERE external_id LIKE 'SM-2026-%%'")]
    assert len(order_ids) == 100
    wait_until_settled(shop, order_ids, PATIENCE)
    storm.received.extend(superstore.units_by_sku(orders).items())
    audit(storm, order_ids)


def placed(storm: Storm) -> int:
    return int(storm.shop.sql("SELECT count(*) FROM orders WHERE external_id LIKE 'SM-2026-%%'")[0][0])
