"""Units are canceled wherever an order waits; its flow goes on with what is left, and pays for nothing else."""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from order_api.camunda.names import Topic
from tests.factories.waits import SENT, SKU_WITHOUT_FLOW
from tests.fixtures.held import Held
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import PATIENCE, wait_until

SUPERVISOR, STORE, CSR = "sue-supervisor", "stan-store", "carla-csr"

pytestmark = pytest.mark.usefixtures("idle_warehouse")


class Place(NamedTuple):
    """Where an order waits, how it gets there, and the act that ends the wait."""

    activity: str
    place: Callable[[Shop], Json]
    go_on: Callable[[Shop, Json], None]


def lines(shop: Shop, sku: str = "MUG-WHITE", price: str = "10.00") -> tuple[Json, Json]:
    """Three of one article and one of another."""
    return shop.line(sku, 3, price), shop.line("POSTER-A2", 1, "7.00")


def suspicious(shop: Shop) -> Json:
    goods = lines(shop, price="2500.00")
    return shop.place(*goods, billing_address={**shop.body()["billing_address"], "country": "FR"})


def in_edit_window(shop: Shop) -> Json:
    with shop.edit_window("PT1H"):
        return shop.place(*lines(shop))


def backordered(shop: Shop) -> Json:
    return shop.place(*lines(shop, shop.new_sku()))


def at_warehouse(shop: Shop) -> Json:
    order = shop.place(*lines(shop))
    shop.wait_until_sent([item["id"] for item in order["items"]])
    return order


def unable(shop: Shop) -> Json:
    order = at_warehouse(shop)
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.report_unable(order["items"][0])
    return order


def accept(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_review_fraud", SUPERVISOR, "accept")


def end_window(shop: Shop, order: Json) -> None:
    shop.fire_timer(order["id"], "event_edit_window")


def receive(shop: Shop, order: Json) -> None:
    shop.receive(order["items"][0]["sku"], 3)


def nothing(shop: Shop, order: Json) -> None:
    pass


def retry_if_open(shop: Shop, order: Json) -> None:
    if open_units(shop, order)[0]:
        shop.decide(order["id"], "usertask_unable_to_ship", STORE, "retry")


def card_declined(shop: Shop) -> Json:
    return shop.place(*lines(shop), token="tok_decline_once")


def retry_payment(shop: Shop, order: Json) -> None:
    shop.decide(order["id"], "usertask_payment_declined", CSR, "retry")


PLACES = {
    "on hold": Place("usertask_review_fraud", suspicious, accept),
    "card declined": Place("usertask_payment_declined", card_declined, retry_payment),
    "edit window": Place("event_edit_window", in_edit_window, end_window),
    "backordered": Place("wait_for_stock", backordered, receive),
    "at the warehouse": Place("wait_for_shipment", at_warehouse, nothing),
    "cannot ship": Place("usertask_unable_to_ship", unable, retry_if_open),
}
WANTED = {"one unit": 1, "all but one": 2, "the line": 3}


def open_units(shop: Shop, order: Json) -> list[int]:
    items = shop.order(order["id"])["items"]
    return [item["quantity"] - item["shipped_quantity"] - item["canceled_quantity"] for item in items]


def cancel(shop: Shop, order: Json, *quantities: int) -> Json:
    """Cancels units of the lines, and waits until the warehouse has given them back."""
    items = [
        {"line_id": item["line_id"], "quantity": n} for item, n in zip(order["items"], quantities, strict=True) if n
    ]
    body, before = {"items": items, "reason": "changed_mind"}, open_units(shop, order)
    headers = {"Idempotency-Key": str(uuid4())}
    answer = shop.call("POST", f"/v1/orders/{order['id']}/cancellations", body, **headers)
    assert answer.status_code in (200, 202), answer.text
    left = [was - n for was, n in zip(before, quantities, strict=True)]
    wait_until(lambda: open_units(shop, order) == left, what="the canceled units")
    return dict(answer.json())


def ship_rest(shop: Shop, order: Json) -> None:
    wait_until(lambda: shop.order(order["id"])["status"] in SENT, what="the order at fulfillment")
    left = open_units(shop, order)
    requested = (
        "SELECT coalesce(sum(quantity), 0) FROM fulfillment_requests WHERE order_id = %s AND status = 'accepted'"
    )
    wait_until(lambda: shop.sql(requested, order["id"]) == [(sum(left),)], what="a request for just the rest")
    shop.ship(order, *left)
    shop.deliver_shipped(order)


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED.keys())
@pytest.mark.parametrize("waits", PLACES.values(), ids=PLACES.keys())
def test_units_are_canceled_where_an_order_waits(shop: Shop, waits: Place, wanted: int) -> None:
    order = waits.place(shop)
    shop.wait_for_activity(order["id"], waits.activity)

    cancel(shop, order, wanted, 0)
    waits.go_on(shop, order)
    ship_rest(shop, order)

    done = shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    bill, money = done["bill"], shop.money(order["id"])
    assert (bill["due"], bill["outstanding"]) == (bill["captured"], "0.00")
    assert money["authorize"] == money["capture"] + money["void"]
    assert [item["canceled_quantity"] for item in done["items"]] == [wanted, 0]
    assert done["items"][0]["status"] == ("canceled" if wanted == 3 else "delivered")
    assert {row["status"] for row in done["reservations"]} <= {"taken", "released"}
    wait_until(lambda: pending(shop, order) == [], what="no message left over")
    assert shop.incidents(order["id"]) == []


@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED.keys())
def test_units_are_canceled_while_they_are_reserved_and_not_yet_sent(
    shop: Shop, hold: Callable[..., Held], wanted: int
) -> None:
    held = hold(Topic.SEND_TO_FULFILLMENT, every=True)
    order = shop.place(*lines(shop))
    shop.wait_for_item_status(order["id"], "reserved")
    assert held.called.wait(PATIENCE)

    cancel(shop, order, wanted, 0)
    held.go_on.set()
    ship_rest(shop, order)

    done = shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert (done["bill"]["due"], done["bill"]["outstanding"]) == (done["bill"]["captured"], "0.00")
    assert [item["canceled_quantity"] for item in done["items"]] == [wanted, 0]


def pending(shop: Shop, order: Json) -> list[Any]:
    return shop.sql("SELECT name FROM outbox WHERE business_key = %s AND state = 'pending'", order["number"])


@pytest.mark.parametrize("waits", PLACES.values(), ids=PLACES.keys())
def test_the_last_unit_undoes_the_whole_order_once(shop: Shop, waits: Place) -> None:
    order = waits.place(shop)
    shop.wait_for_activity(order["id"], waits.activity)

    cancel(shop, order, 3, 1)

    canceled = shop.wait_for_status(order["id"], "canceled")
    shop.wait_until_ended(order["id"])
    money = shop.money(order["id"])
    assert (money.get("capture", 0), money.get("void", 0)) == (0, money.get("authorize", 0))
    assert (canceled["bill"]["due"], canceled["bill"]["outstanding"]) == ("0.00", "0.00")
    assert {item["status"] for item in canceled["items"]} == {"canceled"}
    wait_until(lambda: pending(shop, order) == [], what="no message left over")
    wait_until(lambda: subjects_of(shop, order).count("Your order N was canceled") == 1, what="the mail")


def subjects_of(shop: Shop, order: Json) -> list[str]:
    return [subject.replace(order["number"], "N") for subject in shop.mailbox.to(order["customer"]["email"])]


def test_a_parcel_of_a_line_that_cannot_ship_whole_leaves_its_task_to_a_person(shop: Shop) -> None:
    order = unable(shop)
    shop.wait_for_task(order["id"], "usertask_unable_to_ship")

    shop.ship(order, 2, 1)

    shop.wait_until_passed(order["id"], "event_unable_over")
    shop.decide(order["id"], "usertask_unable_to_ship", STORE, "cancel_item")
    shop.deliver_shipped(order)
    done = shop.wait_for_status(order["id"], "completed")
    assert [item["canceled_quantity"] for item in done["items"]] == [1, 0]
    shop.wait_until_ended(order["id"])


@pytest.mark.usefixtures("a_sku_without_flow")
def test_a_line_without_a_flow_that_is_canceled_asks_no_person_any_more(shop: Shop) -> None:
    order = shop.place(*lines(shop, SKU_WITHOUT_FLOW))
    shop.wait_for_task(order["id"], "usertask_route_item")

    cancel(shop, order, 3, 0)
    ship_rest(shop, order)

    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    wait_until(lambda: pending(shop, order) == [], what="no message left over")


def test_an_order_goes_on_by_itself_once_nothing_needs_its_declined_card_any_more(shop: Shop) -> None:
    cards = [("tok_approve", "10.00"), ("tok_decline", "20.00")]
    tenders = [{"type": "card", "token": f"{token}:{uuid4()}", "amount": amount} for token, amount in cards]
    order = shop.place(shop.line("MUG-WHITE", 3), tenders=tenders)
    shop.wait_for_task(order["id"], "usertask_payment_declined")

    cancel(shop, order, 2)
    ship_rest(shop, order)

    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
    assert shop.money(order["id"]) == {"authorize": 10_00, "capture": 10_00, "void": 0}
    wait_until(lambda: pending(shop, order) == [], what="no message left over")


def test_what_a_replaced_card_holds_is_released_before_the_order_ends(shop: Shop) -> None:
    order = shop.place(shop.line("MUG-WHITE", 3), token="tok_decline_capture")
    shop.ship(order, 1)
    shop.wait_for_task(order["id"], "usertask_capture_declined")

    card = {"type": "card", "token": f"tok_approve:{uuid4()}"}
    assert shop.call("POST", f"/v1/orders/{order['id']}/payments", card).status_code == 201

    wait_until(lambda: shop.money(order["id"])["void"] == 30_00, what="the release of the replaced card")
    assert shop.order(order["id"])["status"] == "partially_shipped"
    cancel(shop, order, 2)
    shop.deliver_shipped(order)
    shop.wait_for_status(order["id"], "completed")
    shop.wait_until_ended(order["id"])
