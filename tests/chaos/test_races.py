"""A receipt and the time limit of a backorder at the same moment: exactly one of them counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.channel import Channel
from tests.chaos.conftest import Storm
from tests.chaos.traffic import FEW, PATIENCE, TIMEOUT
from tests.fixtures.system import wait_until

Act = Callable[[], Any]


def at_once(*acts: Act) -> list[Any]:
    """Starts all acts at the same moment; returns their results."""
    barrier = Barrier(len(acts))

    def wait_and(act: Act) -> Any:
        barrier.wait(PATIENCE)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(wait_and, acts))


@pytest.mark.timeout(TIMEOUT)
def test_when_a_receipt_and_the_time_limit_race_exactly_one_wins(storm: Storm) -> None:
    waits = [Wait(storm) for _ in range(FEW)]
    for wait in waits:
        wait.wait_until_backordered()

    is_over = [at_once(wait.receive, wait.let_time_pass)[1] for wait in waits]

    wait_until_settled(storm.shop, [wait.order["id"] for wait in waits], PATIENCE)
    assert [wait.status() for wait in waits] == ["canceled" if over else "completed" for over in is_over]
    audit(storm, [wait.order["id"] for wait in waits])


@pytest.mark.timeout(TIMEOUT)
def test_stock_whose_message_comes_after_the_time_limit_becomes_free_again(storm: Storm) -> None:
    wait = Wait(storm)
    wait.wait_until_backordered()
    wait.wait_until_all_sent()
    storm.shop.system.kill("relay")

    wait.receive()
    assert wait.let_time_pass()
    storm.shop.system.start("relay")

    wait_until_settled(storm.shop, [wait.order["id"]], PATIENCE)
    assert wait.status() == "canceled"
    audit(storm, [wait.order["id"]])


@pytest.mark.timeout(TIMEOUT)
def test_a_time_limit_that_passes_after_the_message_about_the_stock_changes_nothing(storm: Storm) -> None:
    wait = Wait(storm)
    wait.wait_until_backordered()

    wait.receive()
    storm.shop.wait_until_passed(wait.order["id"], "wait_for_stock")
    assert not wait.let_time_pass()

    wait_until_settled(storm.shop, [wait.order["id"]], PATIENCE)
    assert wait.status() == "completed"
    audit(storm, [wait.order["id"]])


class Wait:
    """An order of a new sku without stock."""

    def __init__(self, storm: Storm) -> None:
        self.shop, self.channel = storm.shop, Channel(storm.shop, storm.received)
        self.sku = self.shop.new_sku()
        self.order = self.shop.place(self.shop.line(self.sku, 2))

    def wait_until_backordered(self) -> None:
        self.shop.wait_for_activity(self.order["id"], "wait_for_stock")
        self.timer = self.shop.wait_for_timer(self.order["id"], "event_backorder_time_over")

    def wait_until_all_sent(self) -> None:
        """Waits until the outbox has no pending row of the order."""
        pending = "SELECT 1 FROM outbox WHERE business_key = %s AND state = 'pending'"
        wait_until(lambda: not self.shop.sql(pending, self.order["number"]), what="nothing more to send")

    def receive(self) -> None:
        self.channel.receive(self.sku, 2)

    def let_time_pass(self) -> bool:
        """Fires the timer; False if it is gone because the stock came first."""
        with suppress(AssertionError):
            self.shop.engine("POST", f"/job/{self.timer}/execute")
            return True
        return False

    def status(self) -> str:
        return str(self.shop.order(self.order["id"])["status"])
