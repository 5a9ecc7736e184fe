"""A refund that the provider took and did not make: the customer, who read that it was on its way, hears of it once."""

import pytest

from tests.bank.system import decide
from tests.factories.engine_refunds import (
    CSR,
    REFUSED,
    ask,
    broken,
    completed_order,
    mails_about_refunds,
    refund,
    rows,
    send_event,
)
from tests.fixtures.shop import Shop
from tests.fixtures.system import wait_until

MAILS = ["Your refund for order N is on its way", "Your refund for order N did not arrive"]


@pytest.mark.parametrize("told_by", ["message", "find"])
def test_the_customer_hears_once_that_a_refund_on_its_way_did_not_arrive(shop: Shop, told_by: str) -> None:
    order = completed_order(shop, token="tok_pending_refund")
    number = ask(shop, order, items=broken(1))
    shop.wait_for_activity(number, "wait_for_gateway")
    key = str(refund(shop, number)["payments"][0]["id"])

    decide(shop.system, key, approved=False)
    if told_by == "message":
        send_event(shop, "refund_failed", key, decline_code="closed")
    else:
        shop.fire_timer(number, "event_ask_again")

    shop.wait_for_task(number, REFUSED)
    wait_until(lambda: mails_about_refunds(shop, order) == MAILS, what="both mails")
    assert rows(shop, number) == [("refund", "declined", "10.00")]
    shop.decide(number, REFUSED, CSR, "retry_refund")
    shop.wait_for_activity(number, "wait_for_gateway")
    assert mails_about_refunds(shop, order) == MAILS
