"""A payment provider that refused a refund may have made it after all: the task about it ends by itself."""

import pytest

from tests.bank.system import in_books
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

    in_books(shop.system, "UPDATE simulator_payments SET approved = true, decline_code = NULL WHERE key = %s", key)
    send_event(shop, "refund_done", key)

    ended(shop, number, "paid")
    assert [row for row in rows(shop, number) if row[1] == "done"] == [("refund", "done", "10.00")]
