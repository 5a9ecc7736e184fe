"""An item that no flow is set up for waits in a queue, where a person decides what becomes of it."""

import pytest

from tests.factories.waits import SKU_WITHOUT_FLOW
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR = "carla-csr"

pytestmark = pytest.mark.usefixtures("a_sku_without_flow")


def place(shop: Shop) -> Json:
    order = shop.place(shop.line(SKU_WITHOUT_FLOW, 1, "10.00"), shop.line("MUG-WHITE", 1, "5.00"))
    shop.wait_for_task(order["id"], "usertask_route_item")
    return order


def test_a_colleague_has_the_item_shipped_like_any_other(shop: Shop) -> None:
    order = place(shop)

    shop.decide(order["id"], "usertask_route_item", CSR, "ship_to_home")

    shop.deliver(shop.ship(order))
    assert [item["status"] for item in shop.wait_for_status(order["id"], "completed")["items"]] == ["delivered"] * 2
    assert shop.money(order["id"]) == {"authorize": 1500, "capture": 1500, "void": 0}


def test_a_colleague_cancels_the_item_and_the_rest_goes_on(shop: Shop) -> None:
    order = place(shop)

    shop.decide(order["id"], "usertask_route_item", CSR, "cancel_item")

    shop.wait_for_item_status(order["id"], "canceled", item=0)
    shop.deliver(shop.ship(order, 0, 1))
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 1500, "capture": 500, "void": 1000}
    subject = f"A change to your order {order['number']}"
    wait_until(lambda: subject in shop.mailbox.to(order["customer"]["email"]), what=subject)


def test_a_decision_that_the_form_does_not_offer_comes_back_and_a_late_one_is_marked(shop: Shop) -> None:
    order = place(shop)

    shop.decide(order["id"], "usertask_route_item", CSR, "eat_it")
    shop.wait_for_task(order["id"], "usertask_route_item")
    shop.fire_timer(order["id"], "event_route_overdue")

    wait_until(lambda: shop.order(order["id"])["overdue_at"], what="the overdue mark")
    assert shop.order(order["id"])["items"][0]["status"] == "unable_to_ship"
    shop.cancel(order["id"])
    shop.wait_for_status(order["id"], "canceled")
