"""Each parcel that leaves is settled exactly once, even if it is announced twice or its order is undone meanwhile."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from order_api.camunda.names import Topic
from tests.fixtures.held import Held
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import PATIENCE, wait_until

CSR = "carla-csr"


def ready_to_ship(shop: Shop, quantity: int = 1, token: str = "tok_approve") -> Json:
    order = shop.place(shop.line("MUG-WHITE", quantity), token=token)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    return order


def mails_about_parcels(shop: Shop, order: Json) -> int:
    return shop.mailbox.to(order["customer"]["email"]).count(f"Your order {order['number']} is on its way")


PARCEL_TASKS: dict[Topic, dict[str, str]] = {
    Topic.NOTIFY_CUSTOMER: {"notice": "item_shipped"},
    Topic.CAPTURE_PAYMENT: {},
}
"""The tasks of a parcel; the order's own flow may send another mail at the same time."""


def test_a_parcel_of_two_items_is_captured_once_and_makes_one_mail(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 1, "10.00"), shop.line("POSTER-A2", 1, "5.00"))

    shop.deliver(shop.ship(order))

    shop.wait_for_status(order["id"], "completed")
    payments = [p["amount"] for p in shop.order(order["id"])["payments"] if p["kind"] == "capture"]
    assert payments == ["15.00"]
    wait_until(lambda: mails_about_parcels(shop, order) == 1, what="the mail about the parcel")


def test_a_declined_parcel_of_two_items_makes_one_task(shop: Shop) -> None:
    order = shop.place(
        shop.line("MUG-WHITE", 1, "10.00"), shop.line("POSTER-A2", 1, "5.00"), token="tok_decline_capture_once"
    )
    shop.deliver(shop.ship(order))
    shop.wait_for_task(order["id"], "usertask_capture_declined")

    [task] = [
        task
        for instance in shop.instances(order["id"])
        for task in shop.engine("GET", "/task", processInstanceId=instance)
    ]

    assert task["taskDefinitionKey"] == "usertask_capture_declined"
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    shop.wait_for_status(order["id"], "completed")


def test_a_parcel_that_is_announced_again_is_not_settled_again(shop: Shop) -> None:
    """An answer of the engine that was lost makes the relay send the message again."""
    order = ready_to_ship(shop)
    parcel = shop.ship(order)
    wait_until(lambda: shop.money(order["id"])["capture"] == 1000, what="the capture")
    variables = {"shipment_id": {"value": parcel["id"], "type": "String"}}
    message = {"messageName": "parcel-left", "businessKey": order["number"]}

    for _ in range(2):
        shop.repeated("POST", "/message", message | {"processVariablesToTriggeredScope": variables})

    shop.deliver(parcel)
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert [p["amount"] for p in shop.order(order["id"])["payments"] if p["kind"] == "capture"] == ["10.00"]
    assert mails_about_parcels(shop, order) == 1


def test_a_message_whose_answer_was_lost_begins_no_second_flow(shop: Shop) -> None:
    order = ready_to_ship(shop, token="tok_decline_capture_once")
    shop.deliver(shop.ship(order))
    shop.wait_for_task(order["id"], "usertask_capture_declined")
    rows = "SELECT id, state FROM outbox WHERE business_key = %s AND name = 'parcel-left'"
    [(row, _)] = shop.sql(rows, order["number"])

    shop.system.command("outbox", "send-again", str(row))

    wait_until(
        lambda: shop.sql(rows, order["number"]) == [(row, "delivered")], what="the relay to mark the row delivered"
    )
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])


@pytest.mark.usefixtures("idle_warehouse")
@pytest.mark.parametrize("node", PARCEL_TASKS, ids=str)
def test_a_canceled_order_closes_only_when_its_parcel_is_settled(
    shop: Shop, hold: Callable[..., Held], node: Topic
) -> None:
    order = ready_to_ship(shop)
    shop.leave(order["items"][0])
    held = hold(node, **PARCEL_TASKS[node])
    shop.cancel(order["id"])
    assert held.called.wait(PATIENCE)

    shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps")
    shop.wait_for_activity(order["id"], "wait_for_parcels")
    status = shop.order(order["id"])["status"]
    held.go_on.set()

    assert status == "on_hold"
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert shop.money(order["id"]) == {"authorize": 1000, "capture": 1000, "void": 0}
    wait_until(lambda: mails_about_parcels(shop, order) == 1, what="the mail about the parcel")


@pytest.mark.parametrize("node", PARCEL_TASKS, ids=str)
def test_a_parcel_is_settled_even_if_its_order_is_given_up_meanwhile(
    shop: Shop, hold: Callable[[Topic], Held], node: Topic
) -> None:
    """One of two units has left when the flow is ended from outside; the other is canceled."""
    order = ready_to_ship(shop, 2)
    held = hold(node)
    shop.ship(order, 1)
    assert held.called.wait(PATIENCE)

    give_up(shop, order)
    held.go_on.set()

    assert_rest_canceled(shop, order)


@pytest.mark.parametrize("node", [None, Topic.RECORD_DECISION, Topic.MARK_OVERDUE], ids=str)
def test_an_order_given_up_while_a_parcel_is_not_paid_waits_for_its_payment(
    shop: Shop, hold: Callable[[Topic], Held], node: Topic | None
) -> None:
    order = ready_to_ship(shop, 2, "tok_decline_capture_once")
    shop.ship(order, 1)
    shop.wait_for_task(order["id"], "usertask_capture_declined")
    held = hold(node) if node else None
    if node == Topic.MARK_OVERDUE:
        shop.fire_timer(order["id"], "event_capture_overdue")
    if node == Topic.RECORD_DECISION:
        retry(shop, order)
    assert held is None or held.called.wait(PATIENCE)

    give_up(shop, order)
    if node != Topic.RECORD_DECISION:
        retry(shop, order)
        wait_until(lambda: shop.money(order["id"])["capture"] == 1000, what="the capture")
    if held:
        held.go_on.set()

    assert_rest_canceled(shop, order)
    assert shop.order(order["id"])["overdue_at"] is None


def retry(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_capture_declined", CSR, "retry")


def give_up(shop: Shop, order: Json) -> None:
    def ends() -> bool:
        """The engine refuses the message while a worker reports a task of the same process."""
        with suppress(AssertionError):
            shop.engine("POST", "/message", {"messageName": "cancel-order", "businessKey": order["number"]})
            return True
        return False

    wait_until(ends, what="the end of the flow")
    shop.wait_for_task(order["id"], "usertask_shipped_after_cancel")


def assert_rest_canceled(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_shipped_after_cancel", CSR, "customer_keeps")
    [item] = shop.wait_for_status(order["id"], "completed")["items"]
    shop.wait_until_ended(order["id"])
    assert (item["shipped_quantity"], item["canceled_quantity"]) == (1, 1)
    assert shop.money(order["id"]) == {"authorize": 2000, "capture": 1000, "void": 1000}
    subject = f"A change to your order {order['number']}"
    wait_until(lambda: subject in shop.mailbox.to(order["customer"]["email"]), what=subject)
