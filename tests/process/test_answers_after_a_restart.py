"""A worker is in the middle of a call when the process is lost and started anew: its answer must not be lost."""

import pytest

from tests.bank.adapter import Bank
from tests.factories.outcomes import lose
from tests.fixtures.held import Held
from tests.fixtures.shop import Shop
from tests.fixtures.system import PATIENCE

CSR = "carla-csr"


@pytest.mark.usefixtures("worker_in_this_process", "idle_warehouse")
def test_a_capture_that_is_declined_after_the_restart_is_a_task_of_the_new_process(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shop.place(token="tok_decline_capture_once")
    held = Held(Bank.capture)
    monkeypatch.setattr(Bank, "capture", held.method())
    shop.ship(order)
    assert held.called.wait(PATIENCE)

    lose(shop, order)
    shop.system.command("restart-process", order["number"])
    held.go_on.set()
    assert held.answered.wait(PATIENCE)

    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    shop.deliver_all(order)
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}
