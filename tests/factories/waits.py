"""For each wait of each model: an order that reaches it, the acts that bring it to its end, and its outcome."""

from collections.abc import Callable
from typing import Any, NamedTuple

from tests.factories.engine_refunds import send_event
from tests.factories.outcomes import REQUESTED
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR, STORE, SUPERVISOR = "carla-csr", "stan-store", "sue-supervisor"
SKU_WITHOUT_FLOW = "SKU-WITHOUT-FLOW"


class Story(NamedTuple):
    """An order that comes to its wait at `activity`, and the acts that bring it from there to its end."""

    activity: str
    place: Callable[[Shop], Json]
    acts: tuple[Callable[[Shop, Json], Any], ...]
    end: str
    is_fact: bool = False
    """Whether the first act states a fact, which may come while no process runs; else a person decides in a queue."""

    def go_on(self, shop: Shop, order: Json) -> None:
        for act in self.acts:
            act(shop, order)


def ready_to_ship(shop: Shop, quantity: int = 1, token: str = "tok_approve") -> Json:
    order = shop.place(shop.line("MUG-WHITE", quantity), token=token)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def in_edit_window(shop: Shop) -> Json:
    with shop.edit_window("PT1H"):
        return shop.place()


def backordered(shop: Shop) -> Json:
    return shop.place(shop.line(shop.new_sku(), 2))


def expire(shop: Shop, order: Json) -> None:
    """The gateway reports that the authorization has expired."""
    [authorized] = [row for row in shop.order(order["id"])["payments"] if row["kind"] == "authorize"]
    send_event(shop, "authorization_expired", authorized["id"])
    wait_until(lambda: shop.money(order["id"]).get("expired"), what="the expired authorization")


def expired_on_backorder(shop: Shop, token: str = "tok_expire_then_decline", lines: tuple[Json, ...] = ()) -> Json:
    """The stock comes after the authorization has expired."""
    order = shop.place(*(lines or [shop.line(shop.new_sku(), 2)]), token=token)
    shop.wait_for_activity(order["id"], "wait_for_stock")
    expire(shop, order)
    receive(shop, order)
    return order


def half_shipped(shop: Shop) -> Json:
    order = ready_to_ship(shop, 2)
    shop.ship(order, 1)
    shop.wait_until_passed(order["id"], "task_confirm_shipment")
    return order


def shipped(shop: Shop) -> Json:
    order = ready_to_ship(shop, 2)
    shop.ship(order, 1)
    shop.ship(order, 1)
    return order


def unable(shop: Shop) -> Json:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])
    return order


def wait_for_second_request(shop: Shop, order: Json) -> None:
    wait_until(lambda: len(shop.sql(REQUESTED, order["id"])) == 2, what="the second request")


def wait_for_canceled_rest(shop: Shop, order: Json) -> None:
    """Whether the rest is canceled before or after the parcel arrives decides the statuses in between."""
    wait_until(lambda: shop.order(order["id"])["items"][0]["canceled_quantity"] == 1, what="the canceled rest")


def sent_again(shop: Shop) -> Json:
    order = unable(shop)
    shop.decide(order["id"], UNABLE, STORE, "retry")
    wait_for_second_request(shop, order)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def unable_after_a_parcel(shop: Shop) -> Json:
    order = half_shipped(shop)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.report_unable(order["items"][0])
    return order


def capture_declined(shop: Shop) -> Json:
    order = ready_to_ship(shop, 2, token="tok_decline_capture")
    shop.ship(order, 1)
    shop.ship(order, 1)
    return order


def capture_declined_once(shop: Shop) -> Json:
    order = ready_to_ship(shop, token="tok_decline_capture")
    shop.ship(order)
    return order


def left_before_its_cancel(shop: Shop, token: str = "tok_approve") -> Json:
    order = ready_to_ship(shop, token=token)
    shop.leave(order["items"][0])
    shop.cancel(order["id"])
    return order


def unpaid_after_its_cancel(shop: Shop) -> Json:
    order = left_before_its_cancel(shop, "tok_decline_capture")
    shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps")
    return order


def unroutable(shop: Shop) -> Json:
    return shop.place(shop.line(SKU_WITHOUT_FLOW))


def routed(shop: Shop) -> Json:
    order = unroutable(shop)
    shop.decide(order["id"], "usertask_route_item", CSR, "ship_to_home")
    return order


def ship_rest(shop: Shop, order: Json) -> None:
    wait_until(lambda: shop.order(order["id"])["status"] in SENT, what="the status of an order at fulfillment")
    open_units = [item["quantity"] - item["shipped_quantity"] for item in shop.order(order["id"])["items"]]
    shop.ship(order, *open_units)
    shop.deliver_shipped(order)


def receive(shop: Shop, order: Json) -> None:
    shop.receive(order["items"][0]["sku"], 2)


def cancel(shop: Shop, order: Json) -> None:
    assert shop.cancel(order["id"]).status_code == 202


def new_card(shop: Shop, order: Json) -> None:
    """Sends the card again, as the refusal says, while a payment for another parcel is in progress."""

    def send() -> bool:
        answer = shop.call("POST", f"/v1/orders/{order['id']}/payments", {"type": "card", "token": "tok_approve:new"})
        assert answer.status_code == 201 or answer.json()["code"] == "payment_in_progress", answer.text
        return answer.status_code == 201

    wait_until(send, what="the new card")


def deciding(queue: str, user: str, decision: str) -> Callable[[Shop, Json], None]:
    return lambda shop, order: shop.decide(order["id"], queue, user, decision)


def window_over(shop: Shop, order: Json) -> None:
    shop.fire_timer(order["id"], "event_edit_window")


def declined(shop: Shop) -> Json:
    return shop.place(token="tok_decline")


def unexplained(shop: Shop) -> Json:
    """Everything has arrived, but a change of the bill without a cause lowers what is due."""
    order = ready_to_ship(shop)
    shop.ship(order)
    wait_until(lambda: shop.order(order["id"])["bill"]["captured"] == order["bill"]["due"], what="the capture")
    shop.sql(
        "INSERT INTO adjustments (order_id, kind, cause_kind, cause_id, amount, is_before_departure, at)"
        " VALUES (%s, 'charge_removed', 'cancellation', gen_random_uuid(), -100, false, now())",
        order["id"],
    )
    shop.deliver_shipped(order)
    return order


def explain(shop: Shop, order: Json) -> None:
    shop.sql("DELETE FROM adjustments WHERE order_id = %s", order["id"])
    shop.decide(order["id"], UNEXPLAINED, SUPERVISOR, "check_again")


REVIEW, PAYMENT, UNABLE = "usertask_review_fraud", "usertask_payment_declined", "usertask_unable_to_ship"
CAPTURE, TOO_LATE, ROUTE = "usertask_capture_declined", "usertask_shipped_after_cancel", "usertask_route_item"
UNEXPLAINED = "usertask_money_unexplained"
EXPIRED = "usertask_payment_expired"
DELIVER = Shop.deliver_shipped
CANCEL_REST = (deciding(UNABLE, STORE, "cancel_item"), wait_for_canceled_rest, DELIVER)
SENT = ("submitted_to_fulfillment", "partially_shipped", "shipped")
STORIES = {
    "review": Story(REVIEW, Shop.place_suspicious, (deciding(REVIEW, SUPERVISOR, "accept"), ship_rest), "completed"),
    "rejection": Story(REVIEW, Shop.place_suspicious, (deciding(REVIEW, SUPERVISOR, "reject"),), "canceled"),
    "declined card": Story(PAYMENT, declined, (new_card, ship_rest), "completed", is_fact=True),
    "given up": Story(PAYMENT, declined, (deciding(PAYMENT, CSR, "cancel"),), "canceled"),
    "edit window": Story("event_edit_window", in_edit_window, (window_over, ship_rest), "completed"),
    "backorder": Story("wait_for_stock", backordered, (receive, ship_rest), "completed", is_fact=True),
    "expired payment": Story(EXPIRED, expired_on_backorder, (new_card, ship_rest), "completed", is_fact=True),
    "at fulfillment": Story("wait_for_shipment", ready_to_ship, (ship_rest,), "completed", is_fact=True),
    "one of two left": Story("wait_for_shipment", half_shipped, (ship_rest,), "completed", is_fact=True),
    "canceled at fulfillment": Story("wait_for_shipment", ready_to_ship, (cancel,), "canceled", is_fact=True),
    "all left": Story("wait_for_delivery", shipped, (DELIVER,), "completed", is_fact=True),
    "unable to ship": Story(
        UNABLE, unable, (deciding(UNABLE, STORE, "retry"), wait_for_second_request, ship_rest), "completed"
    ),
    "sent again": Story("wait_for_shipment", sent_again, (ship_rest,), "completed", is_fact=True),
    "rest unable to ship": Story(UNABLE, unable_after_a_parcel, CANCEL_REST, "completed"),
    "captures declined": Story(CAPTURE, capture_declined, (new_card, DELIVER), "completed", is_fact=True),
    "too late to recall": Story(
        TOO_LATE, left_before_its_cancel, (deciding(TOO_LATE, CSR, "customer_keeps"),), "completed"
    ),
    "unpaid parcel": Story("wait_for_parcels", unpaid_after_its_cancel, (new_card,), "completed", is_fact=True),
    "written off": Story(
        CAPTURE, capture_declined_once, (deciding(CAPTURE, SUPERVISOR, "write_off"), DELIVER), "completed"
    ),
    "money unexplained": Story(UNEXPLAINED, unexplained, (explain,), "completed"),
    "no flow for the item": Story(ROUTE, unroutable, (deciding(ROUTE, CSR, "cancel_item"),), "canceled"),
    "routed by a person": Story("wait_for_shipment", routed, (ship_rest,), "completed", is_fact=True),
}
