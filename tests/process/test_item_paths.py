"""Every path of `item-ship-to-home` on the real engine."""

import pytest

from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR, STORE = "carla-csr", "stan-store"


def ready_to_ship(shop: Shop, *lines: Json, **changes: object) -> Json:
    order = shop.place(*lines, **changes)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def finish(shop: Shop, order: Json, *quantities: int) -> Json:
    shop.deliver(shop.ship(order, *quantities))
    return shop.wait_for_status(order["id"], "completed")


def test_the_customer_gets_a_mail_about_a_backorder_and_it_goes_on_when_stock_comes(shop: Shop) -> None:
    sku = shop.new_sku()
    order = shop.place(shop.line(sku, 3))
    shop.wait_for_item_status(order["id"], "backordered")
    shop.wait_for_activity(order["id"], "wait_for_stock")

    shop.receive(sku, 3)

    shop.wait_for_item_status(order["id"], "submitted_to_fulfillment")
    finish(shop, order)
    subject = f"A delay in your order {order['number']}"
    wait_until(lambda: subject in shop.mailbox.to(order["customer"]["email"]), what=subject)


def test_a_backorder_that_waits_too_long_is_canceled_and_its_stock_goes_to_the_next(shop: Shop) -> None:
    sku = shop.new_sku()
    first = shop.place(shop.line(sku, 2))
    shop.wait_for_activity(first["id"], "wait_for_stock")
    second = shop.place(shop.line(sku, 1))
    shop.wait_for_activity(second["id"], "wait_for_stock")
    shop.receive(sku, 1)

    shop.fire_timer(first["id"], "event_backorder_time_over")

    shop.wait_for_status(first["id"], "canceled")
    assert shop.money(first["id"]) == {"authorize": 2000, "capture": 0, "void": 2000}
    shop.wait_for_item_status(second["id"], "submitted_to_fulfillment")
    finish(shop, second)


def test_an_item_that_cannot_ship_is_tried_again(shop: Shop) -> None:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])
    shop.wait_for_item_status(order["id"], "unable_to_ship")

    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "retry", "Found another one.")

    shop.wait_for_activity(order["id"], "wait_for_shipment")
    finish(shop, order)


def test_a_decision_that_the_form_of_an_item_does_not_offer_comes_back_to_the_queue(shop: Shop) -> None:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])

    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "send_a_cake")

    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "cancel_item")
    shop.wait_for_status(order["id"], "canceled")


@pytest.mark.usefixtures("idle_warehouse")
@pytest.mark.parametrize("decision", ["retry", "cancel_item"])
def test_goods_that_had_left_before_a_report_are_captured_and_delivered(shop: Shop, decision: str) -> None:
    order = ready_to_ship(shop)
    shop.leave(order["items"][0])
    shop.report_unable(order["items"][0])

    shop.decide(order["id"], "usertask_unable_to_ship", STORE, decision)

    shop.deliver_all(order)
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}
    assert recalls(shop, order) == ["item.recall_too_late"]


def recalls(shop: Shop, order: Json) -> list[str]:
    return [event for event in shop.events(order["id"]) if event.startswith("item.recall_")]


def test_what_is_left_of_an_item_is_given_up_after_a_part_of_it_shipped(shop: Shop) -> None:
    sku = shop.new_sku(stock=3)
    order = ready_to_ship(shop, shop.line(sku, 3))
    shop.ship(order, 1)
    shop.wait_until_passed(order["id"], "task_confirm_shipment")
    shop.report_unable(order["items"][0])

    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", "The others broke.")

    shop.deliver_all(order)
    item = shop.wait_for_status(order["id"], "completed")["items"][0]
    assert (item["status"], item["shipped_quantity"], item["canceled_quantity"]) == ("delivered", 1, 2)
    assert shop.money(order["id"]) == {"authorize": 3000, "capture": 1000, "void": 2000}
    stock = "SELECT on_hand, reserved FROM stock_bins WHERE sku = %s"
    wait_until(lambda: shop.sql(stock, sku) == [(2, 0)], what="two units free on the shelf")


def test_an_item_whose_first_parcel_arrived_before_its_rest_was_given_up_is_delivered(shop: Shop) -> None:
    order = ready_to_ship(shop, shop.line(shop.new_sku(stock=3), 3))
    shop.deliver(shop.ship(order, 1))
    shop.wait_until_passed(order["id"], "task_confirm_shipment")
    shop.report_unable(order["items"][0])

    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", "The others broke.")

    assert shop.wait_for_status(order["id"], "completed")["items"][0]["status"] == "delivered"


def test_an_item_that_cannot_ship_is_canceled_and_the_rest_goes_on(shop: Shop) -> None:
    order = ready_to_ship(shop, shop.line("MUG-WHITE", 1, "10.00"), shop.line("POSTER-A2", 2, "7.50"))
    shop.wait_until_sent([item["id"] for item in order["items"]])
    shop.report_unable(order["items"][1])

    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", "Sold out.")

    shop.wait_for_item_status(order["id"], "canceled", item=1)
    shop.deliver(shop.ship(order, 1, 0))
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 2500, "capture": 1000, "void": 1500}


def test_an_order_is_canceled_when_all_its_items_are_canceled(shop: Shop) -> None:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])

    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", "Sold out.")

    shop.wait_for_status(order["id"], "canceled")
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 0, "void": 1000}


def test_a_line_that_ships_in_parts_is_captured_per_shipment_unit_by_unit(shop: Shop) -> None:
    order = ready_to_ship(shop, shop.line("MUG-WHITE", 3, "3.3333"), **three_for_ten())

    first = shop.ship(order, 1)
    wait_until(lambda: shop.money(order["id"])["capture"] == 333, what="the first capture")
    second = shop.ship(order, 2)
    shop.deliver(first)
    shop.deliver(second)

    shop.wait_for_status(order["id"], "completed")
    captures = [p["amount"] for p in shop.order(order["id"])["payments"] if p["kind"] == "capture"]
    assert captures == ["3.33", "6.67"]


def test_the_customer_gets_a_mail_when_each_parcel_leaves_and_not_only_with_the_last(shop: Shop) -> None:
    order = ready_to_ship(shop, shop.line("MUG-WHITE", 2))

    first = shop.ship(order, 1)

    subject = f"Your order {order['number']} is on its way"
    wait_until(lambda: subject in shop.mailbox.to(order["customer"]["email"]), what="the mail about the first parcel")
    assert shop.order(order["id"])["items"][0]["shipped_quantity"] == 1
    shop.deliver(first)
    finish(shop, shop.order(order["id"]), 1)
    mails = shop.mailbox.to
    wait_until(lambda: mails(order["customer"]["email"]).count(subject) == 2, what="the mail about the second parcel")


def test_a_flow_that_is_woken_without_a_report_goes_on_waiting_for_the_shipment(shop: Shop) -> None:
    order = ready_to_ship(shop)
    key = {"item_id": {"value": order["items"][0]["id"], "type": "String"}}
    message = {"messageName": "item-unable-to-ship", "businessKey": order["number"], "correlationKeys": key}

    shop.engine("POST", "/message", message)

    shop.wait_until_passed(order["id"], "gateway_unable")
    finish(shop, order)


def three_for_ten() -> Json:
    totals = {"items": "10.00", "discounts": "0.00", "charges": "0.00", "taxes": "0.00", "grand_total": "10.00"}
    return {"totals": totals, "tenders": [{"type": "card", "token": "tok_approve:parts", "amount": "10.00"}]}


def test_a_declined_capture_waits_for_a_colleague_and_is_tried_again(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture_once")
    shipment = shop.ship(order)

    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")

    shop.wait_for_item_status(order["id"], "shipped")
    shop.deliver(shipment)
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}


def test_a_new_card_pays_for_a_declined_capture(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture")
    shipment = shop.ship(order)
    shop.wait_for_task(order["id"], "usertask_capture_declined")

    shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:other"})

    shop.wait_for_item_status(order["id"], "shipped")
    shop.deliver(shipment)
    shop.wait_for_status(order["id"], "completed")
    assert shop.money(order["id"]) == {"authorize": 2000, "capture": 1000, "void": 1000}


def test_an_item_above_the_backorder_limit_goes_to_a_colleague(shop: Shop) -> None:
    sku = shop.new_sku()
    shop.receive(sku, 1)
    shop.sql("UPDATE stock_keeping_units SET backorder_limit = 2 WHERE sku = %s", sku)
    order = shop.place(shop.line(sku, 5))

    shop.decide(order["id"], "usertask_unable_to_ship", CSR, "cancel_item", "Too many.")

    shop.wait_for_status(order["id"], "canceled")


def test_an_item_above_the_backorder_limit_goes_on_when_stock_came_and_a_colleague_says_so(shop: Shop) -> None:
    sku = shop.new_sku(stock=1)
    shop.sql("UPDATE stock_keeping_units SET backorder_limit = 2 WHERE sku = %s", sku)
    order = shop.place(shop.line(sku, 5))
    shop.wait_for_task(order["id"], "usertask_unable_to_ship")
    shop.receive(sku, 4)

    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "retry", "Four more came.")

    shop.wait_for_activity(order["id"], "wait_for_shipment")
    assert [row["status"] for row in shop.order(order["id"])["reservations"]] == ["refused", "reserved"]
    finish(shop, order)


def test_the_reason_of_a_warehouse_report_replaces_that_of_an_earlier_problem(shop: Shop) -> None:
    sku = shop.new_sku(stock=1)
    shop.sql("UPDATE stock_keeping_units SET backorder_limit = 2 WHERE sku = %s", sku)
    order = shop.place(shop.line(sku, 5))
    shop.wait_for_task(order["id"], "usertask_unable_to_ship")
    shop.receive(sku, 4)
    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "retry", "Four more came.")
    shop.wait_for_activity(order["id"], "wait_for_shipment")

    shop.report_unable(order["items"][0])

    task = shop.wait_for_task(order["id"], "usertask_unable_to_ship")
    shown = shop.engine("GET", f"/task/{task['id']}/form-variables", variableNames="reason")
    assert shown["reason"]["value"] == "The warehouse says that the item is damaged."


def test_an_item_in_two_parcels_is_delivered_with_the_second(shop: Shop) -> None:
    order = ready_to_ship(shop, shop.line("MUG-WHITE", 2))
    first, second = shop.ship(order, 1), shop.ship(order, 1)
    shop.wait_for_activity(order["id"], "wait_for_delivery")

    shop.deliver(first)

    shop.wait_until_passed(order["id"], "gateway_delivered")
    assert shop.order(order["id"])["items"][0]["status"] == "shipped"
    shop.deliver(second)
    shop.wait_for_status(order["id"], "completed")


def test_a_shipment_that_takes_too_long_is_marked_overdue(shop: Shop) -> None:
    order = ready_to_ship(shop)

    shop.fire_timer(order["id"], "event_shipment_overdue")

    wait_until(lambda: shop.order(order["id"])["overdue_at"], what="the overdue mark")
    finish(shop, order)
