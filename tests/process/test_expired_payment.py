"""An authorization expires while goods are on backorder: money is held again before they are released."""

import pytest

from tests.factories.waits import CSR, EXPIRED, expired_on_backorder, new_card, ship_rest
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

pytestmark = pytest.mark.usefixtures("idle_warehouse")
MAIL = "Your order N needs another means of payment"


def mails(shop: Shop, order: Json) -> list[str]:
    subjects = shop.mailbox.to(order["customer"]["email"])
    return [subject for subject in (each.replace(order["number"], "N") for each in subjects) if "payment" in subject]


def declined(shop: Shop) -> Json:
    order = expired_on_backorder(shop)
    shop.wait_for_task(order["id"], EXPIRED)
    return order


def test_money_is_held_again_before_the_goods_are_released(shop: Shop) -> None:
    order = expired_on_backorder(shop, "tok_expire_once")

    shop.wait_for_item_status(order["id"], "submitted_to_fulfillment")

    assert shop.money(order["id"]) == {"authorize": 40_00, "capture": 0, "void": 0, "expired": 20_00}
    ship_rest(shop, order)
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 40_00, "capture": 20_00, "void": 0, "expired": 20_00}
    assert mails(shop, order) == []


def test_a_declined_card_is_a_task_and_one_mail_and_a_new_card_releases_the_goods(shop: Shop) -> None:
    order = declined(shop)
    assert shop.order(order["id"])["items"][0]["status"] == "reserved"
    wait_until(lambda: mails(shop, order), what="the mail")
    shop.fire_timer(order["id"], "event_payment_overdue")
    wait_until(lambda: shop.order(order["id"])["overdue_at"], what="the overdue mark")
    shop.decide(order["id"], EXPIRED, CSR, "send_a_cake")
    shop.decide(order["id"], EXPIRED, CSR, "retry")
    shop.wait_for_task(order["id"], EXPIRED)

    new_card(shop, order)

    ship_rest(shop, order)
    final = shop.wait_for_status(order["id"], "completed")
    assert final["overdue_at"] is None
    assert shop.money(order["id"])["capture"] == 20_00
    # Each declined authorization is a mail; the overdue task and the unknown answer are none.
    assert mails(shop, order) == [MAIL, MAIL]


def test_an_item_that_remains_unpaid_is_canceled(shop: Shop) -> None:
    order = declined(shop)

    shop.decide(order["id"], EXPIRED, CSR, "cancel_item")

    shop.wait_for_status(order["id"], "canceled")
    assert shop.money(order["id"]) == {"authorize": 20_00, "capture": 0, "void": 0, "expired": 20_00}


def test_canceling_the_units_that_wait_lets_the_other_item_go(shop: Shop) -> None:
    lines = (shop.line(shop.new_sku(), 2), shop.line())
    order = expired_on_backorder(shop, lines=lines)
    shop.wait_for_task(order["id"], EXPIRED)
    body = {"items": [{"line_id": "1", "quantity": 2}], "reason": "customer_changed_mind"}
    path = f"/v1/orders/{order['id']}/cancellations"

    assert shop.call("POST", path, body, **{"Idempotency-Key": order["number"]}).status_code == 200

    shop.wait_until_passed(order["id"], "event_payment_needless")
    shop.deliver(shop.ship(order, 0, 1))
    shop.wait_for_task(order["id"], "usertask_capture_declined")
    new_card(shop, order)
    final = shop.wait_for_status(order["id"], "completed")
    assert [item["status"] for item in final["items"]] == ["canceled", "delivered"]
