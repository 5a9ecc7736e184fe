"""The console shows where the process of an order stands, by the names in the model."""

import re

import requests

from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT, wait_until


def standing(shop: Shop, colleague: requests.Session, order_id: str) -> str:
    return colleague.get(f"{shop.system.url}/console/orders/{order_id}/process", timeout=CALL_TIMEOUT).text


def standing_with(text: str, shop: Shop, colleague: requests.Session, order_id: str) -> str:
    """The page gives the engine two seconds and refreshes itself, so the test may poll too."""

    def look() -> str | None:
        page = standing(shop, colleague, order_id)
        return page if text in page else None

    return wait_until(look, what=text)


def test_a_waiting_task_is_named_with_the_way_to_cockpit_until_the_process_has_ended(
    shop: Shop, colleague: requests.Session
) -> None:
    order = shop.place(shop.line(unit_price="999.00", quantity=100), customer={"type": "guest"})
    task = shop.wait_for_task(order["id"], "usertask_review_fraud")

    waiting = standing_with("Review suspected fraud", shop, colleague, order["id"])
    shop.decide(order["id"], "usertask_review_fraud", "sue-supervisor", "reject")
    shop.wait_until_ended(order["id"])
    ended = standing_with("Ended.", shop, colleague, order["id"])

    assert f"/camunda/app/cockpit/default/#/process-instance/{task['processInstanceId']}" in waiting
    assert "cockpit" not in ended


def test_a_delivered_item_is_not_shown_as_a_place_where_the_order_waits(
    shop: Shop, colleague: requests.Session
) -> None:
    there, missing = shop.new_sku(stock=1), shop.new_sku()
    order = shop.place(shop.line(there), shop.line(missing))
    shop.wait_for_item_status(order["id"], "backordered", item=1)
    shop.wait_for_item_status(order["id"], "submitted_to_fulfillment", item=0)

    shop.deliver(shop.ship(order, 1, 0))
    shop.wait_for_item_status(order["id"], "delivered", item=0)

    name = order["items"][1]["name"]
    wait_until(
        lambda: waits_in(standing(shop, colleague, order["id"])) == [f"Waits for stock: {name}"], what="one wait"
    )
    shop.receive(missing, 1)


def test_a_wait_that_ends_by_itself_is_shown_with_its_end(shop: Shop, colleague: requests.Session) -> None:
    with shop.edit_window("PT1H"):
        order = shop.place()

    page = standing_with("Edit window open until", shop, colleague, order["id"])

    [wait] = waits_in(page)
    assert re.fullmatch(r"Edit window open until \d+ \w{3} \d{4}, \d\d:\d\d UTC", wait)
    shop.cancel(order["id"])


def waits_in(page: str) -> list[str]:
    return re.findall("<li>(.+?)</li>", page)
