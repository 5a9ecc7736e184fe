"""A payment provider may have made what it refused, a refund or a capture: the task about it ends by itself."""

import pytest

from tests.bank.system import decide
from tests.factories.engine_refunds import (
    CSR,
    OUTSIDE,
    REFUSED,
    ask,
    broken,
    completed_order,
    ended,
    refund,
    rows,
    send_event,
)
from tests.factories.waits import capture_declined_once
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until


@pytest.mark.parametrize("task", [REFUSED, OUTSIDE])
def test_a_task_about_a_refused_refund_ends_when_the_provider_made_it_after_all(shop: Shop, task: str) -> None:
    order = completed_order(shop, token="tok_decline_refund")
    number = ask(shop, order, items=broken(1))
    key = wait_until(lambda: refund(shop, number)["payments"], what="the request")[0]["id"]
    if task == OUTSIDE:
        shop.decide(number, REFUSED, CSR, "pay_outside")
    shop.wait_for_task(number, task)

    decide(shop.system, key, approved=True)
    send_event(shop, "refund_done", key)

    ended(shop, number, "paid")
    assert [row for row in rows(shop, number) if row[1] == "done"] == [("refund", "done", "10.00")]


def test_the_task_about_a_declined_capture_ends_when_the_provider_took_the_money_after_all(shop: Shop) -> None:
    order = capture_declined_once(shop)
    shop.wait_for_task(order["id"], "usertask_capture_declined")
    [declined] = [row["id"] for row in shop.order(order["id"])["payments"] if row["kind"] == "capture"]

    decide(shop.system, declined, approved=True)
    send_event(shop, "capture_done", declined)

    wait_until(lambda: shop.money(order["id"])["capture"] == 10_00, what="the capture")
    shop.deliver_shipped(order)
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
