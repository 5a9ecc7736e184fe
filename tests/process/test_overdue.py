"""A wait that takes too long marks its order overdue until the flow moves on; the wait itself goes on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.factories.waits import explain, unexplained
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

CSR, STORE = "carla-csr", "stan-store"

pytestmark = pytest.mark.usefixtures("idle_warehouse")


def ready_to_ship(shop: Shop, token: str = "tok_approve") -> Json:
    order = shop.place(token=token)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def on_its_way(shop: Shop) -> Json:
    order = ready_to_ship(shop)
    shop.ship(order)
    return order


def unable(shop: Shop) -> Json:
    order = ready_to_ship(shop)
    shop.report_unable(order["items"][0])
    return order


def capture_declined(shop: Shop) -> Json:
    order = ready_to_ship(shop, "tok_decline_capture_once")
    shop.ship(order)
    return order


def left_before_its_cancel(shop: Shop, token: str = "tok_approve") -> Json:
    order = ready_to_ship(shop, token)
    shop.leave(order["items"][0])
    shop.cancel(order["id"])
    return order


def declined_and_left_before_its_cancel(shop: Shop) -> Json:
    return left_before_its_cancel(shop, "tok_decline_capture_once")


def deliver(shop: Shop, order: Json) -> None:
    shop.deliver_all(order)


def give_up(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "cancel_item")


def capture_again(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    shop.deliver_all(order)


def talk(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps")


def capture_again_and_talk(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    talk(shop, order)


def talked_but_unpaid(shop: Shop) -> Json:
    order = declined_and_left_before_its_cancel(shop)
    talk(shop, order)
    return order


def capture_after_all(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")


@pytest.mark.parametrize(
    ("timer", "wait", "place", "go_on", "end"),
    [
        ("delivery", "wait_for_delivery", on_its_way, deliver, "completed"),
        ("unable", "usertask_unable_to_ship", unable, give_up, "canceled"),
        ("capture", "usertask_capture_declined", capture_declined, capture_again, "completed"),
        (
            "capture",
            "usertask_capture_declined",
            declined_and_left_before_its_cancel,
            capture_again_and_talk,
            "completed",
        ),
        ("late_shipment", "usertask_shipped_after_cancel", left_before_its_cancel, talk, "completed"),
        ("parcels", "wait_for_parcels", talked_but_unpaid, capture_after_all, "completed"),
        ("money", "usertask_money_unexplained", unexplained, explain, "completed"),
    ],
)
def test_a_wait_that_takes_too_long_is_marked_and_goes_on(
    shop: Shop, timer: str, wait: str, place: Callable[[Shop], Json], go_on: Callable[[Shop, Json], None], end: str
) -> None:
    order = place(shop)

    shop.fire_timer(order["id"], f"event_{timer}_overdue")

    reasons = wait_until(lambda: overdue(shop, order), what="the overdue mark")
    is_marked = shop.order(order["id"])["overdue_at"] is not None
    go_on(shop, order)
    assert (reasons, is_marked) == ([wait], True)
    assert shop.wait_for_status(order["id"], end)["overdue_at"] is None
    shop.wait_until_ended(order["id"])


def overdue(shop: Shop, order: Json) -> list[str]:
    return [event["reason"] for event in shop.history(order["id"]) if event["event"] == "order.overdue"]


def test_a_task_in_tasklist_shows_when_the_decision_is_due(shop: Shop) -> None:
    order = shop.place(token="tok_decline")

    task = shop.wait_for_task(order["id"], "usertask_payment_declined")

    created, due = (datetime.fromisoformat(task[moment]).replace(tzinfo=None) for moment in ("created", "due"))
    assert abs(due - created - timedelta(days=3)) < timedelta(minutes=5)
    shop.decide(order["id"], "usertask_payment_declined", CSR, "cancel")
