"""Cancels at every wait of an order and while a worker holds a task: exactly what was done is undone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR = "carla-csr"


def assert_undone(shop: Shop, order: Json) -> None:
    canceled = shop.wait_for_status(order["id"], "canceled")
    money = shop.money(order["id"])
    assert {item["status"] for item in canceled["items"]} == {"canceled"}
    assert (money["capture"], money["void"]) == (0, money["authorize"])
    assert {row["status"] for row in canceled["reservations"]} <= {"released", "refused"}
    assert {row["status"] for row in canceled["payments"]} <= {"done", "declined", "lost"}
    shop.wait_until_ended(order["id"])
    wait_until(lambda: nothing_pending(shop, order), what="an empty outbox of the order")


def nothing_pending(shop: Shop, order: Json) -> bool:
    return not shop.sql("SELECT 1 FROM outbox WHERE business_key = %s AND state = 'pending'", order["number"])


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        ("usertask_review_fraud", Shop.place_suspicious),
        ("usertask_payment_declined", lambda shop: shop.place(token="tok_decline")),
        ("wait_for_stock", lambda shop: shop.place(shop.line(shop.new_sku(), 2))),
        ("usertask_unable_to_ship", lambda shop: unable(shop)),  # noqa: PLW0108 - defined below
        ("wait_for_shipment", lambda shop: shop.place()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_order_can_be_canceled_where_it_waits(shop: Shop, activity: str, place: Callable[[Shop], Json]) -> None:
    order = place(shop)
    shop.wait_for_activity(order["id"], activity)

    answer = shop.cancel(order["id"])

    assert answer.status_code == 202
    assert_undone(shop, order)


def unable(shop: Shop) -> Json:
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.report_unable(order["items"][0])
    return order


def test_an_order_canceled_in_its_edit_window_is_undone(shop: Shop) -> None:
    with shop.edit_window("PT1H"):
        order = shop.place()
    shop.wait_for_status(order["id"], "ready_to_edit")
    shop.wait_for_activity(order["id"], "event_edit_window")

    shop.cancel(order["id"])

    assert_undone(shop, order)


def test_a_cancel_right_after_placing_is_not_lost(shop: Shop) -> None:
    order = shop.place()

    shop.cancel(order["id"])

    assert_undone(shop, order)


def test_a_cancel_while_the_card_is_being_authorized_voids_what_the_gateway_did(shop: Shop) -> None:
    order = shop.place(token="tok_slow")
    asked = "SELECT 1 FROM payment_transactions WHERE order_id = %s AND status = 'requested'"
    wait_until(lambda: shop.sql(asked, order["id"]), what="a request under way")

    shop.cancel(order["id"])

    assert_undone(shop, order)
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 0, "void": 1000}


def test_a_cancel_after_a_unit_shipped_is_refused(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 2))
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    first = shop.ship(order, 1)

    answer = shop.cancel(order["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "order_already_shipped")
    shop.deliver(first)
    shop.deliver(shop.ship(order, 1))
    shop.wait_for_status(order["id"], "completed")


def test_a_shipment_after_a_cancel_is_refused(shop: Shop) -> None:
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.cancel(order["id"])
    line = {"line_id": order["items"][0]["line_id"], "quantity": 1}

    body = {"carrier": "dhl", "tracking_number": "late", "lines": [line]}
    answer = shop.call("POST", f"/v1/orders/{order['id']}/shipments", body, "osk_test_warehouse")

    assert answer.status_code == 409
    assert answer.json()["code"] in ("cancel_requested", "undo_running")
    assert_undone(shop, order)


def test_goods_too_late_to_recall_are_captured_and_a_colleague_is_told(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 1, "10.00"), shop.line("POSTER-A2", 1, "5.00"))
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    first = order["items"][0]["id"]
    wait_until(lambda: len(jobs(shop, order)) == 2, what="both items at the warehouse")
    shop.system.stop("warehouse")
    try:
        of_item = "items @> jsonb_build_array(jsonb_build_object('item_id', %s::text))"
        shop.sql(f"UPDATE warehouse_jobs SET shipped_at = now(), parcel = 'W-LATE' WHERE {of_item}", first)
        shop.cancel(order["id"])

        shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps", "Customer keeps it.")
        closed = shop.wait_for_status(order["id"], "completed")
    finally:
        shop.system.start("warehouse")

    assert shop.money(order["id"]) == {"authorize": 1500, "capture": 1000, "void": 500}
    assert [item["shipped_quantity"] for item in closed["items"]] == [1, 0]
    assert [item["canceled_quantity"] for item in closed["items"]] == [0, 1]
    assert [item["status"] for item in closed["items"]] == ["shipped", "canceled"]


def test_goods_too_late_to_recall_whose_card_fails_are_paid_with_a_new_one(shop: Shop) -> None:
    order = shop.place(token="tok_decline_capture")
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.system.stop("warehouse")
    try:
        shop.sql("UPDATE warehouse_jobs SET shipped_at = now(), parcel = 'W-GONE' WHERE order_id = %s", order["id"])
        shop.cancel(order["id"])
        shop.wait_for_activity(order["id"], "usertask_capture_declined")

        answer = shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve"})

        assert answer.status_code == 201, answer.text
        shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps", "Customer keeps it.")
        shop.wait_for_status(order["id"], "completed")
    finally:
        shop.system.start("warehouse")

    money = shop.money(order["id"])
    assert money["capture"] == 1000
    assert money["authorize"] == money["capture"] + money["void"]


def jobs(shop: Shop, order: Json) -> list[tuple[Any, ...]]:
    return shop.sql("SELECT key FROM warehouse_jobs WHERE order_id = %s", order["id"])
