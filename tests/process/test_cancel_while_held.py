"""A worker is in the middle of a task when the cancellation arrives: the undo ends before the task."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from order_api.camunda.names import Topic
from order_api.core import outside
from order_api.integrations.fraud.rules import FraudRules
from order_api.integrations.fulfillment.warehouse import Warehouse
from tests.bank.adapter import Bank
from tests.fixtures.held import Held
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import PATIENCE, wait_until
from tests.process.test_cancel import assert_undone

LEDGERS = ("fraud_screenings", "payment_transactions", "fulfillment_requests")
UNDO = [Topic.BEGIN_UNDO, Topic.CANCEL_FULFILLMENT, Topic.CANCEL_ITEM, Topic.VOID_PAYMENT, Topic.CLOSE_ORDER]


@pytest.mark.usefixtures("worker_in_this_process")
@pytest.mark.parametrize(
    ("vendor", "method"),
    [(FraudRules, "score"), (Warehouse, "send")],
    ids=["screen-fraud", "send-to-fulfillment"],
)
def test_a_call_that_arrives_after_the_undo_leaves_nothing_behind(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, vendor: type, method: str
) -> None:
    sku = shop.new_sku(stock=2)
    held = Held(getattr(vendor, method))
    monkeypatch.setattr(vendor, method, held.method())
    order = shop.place(shop.line(sku, 2))
    assert held.called.wait(PATIENCE)

    shop.cancel(order["id"])
    shop.wait_for_status(order["id"], "canceled")
    held.go_on.set()

    assert held.answered.wait(PATIENCE)
    assert_undone(shop, order)
    assert_nothing_held(shop, order, sku)


@pytest.mark.usefixtures("worker_in_this_process")
def test_an_authorization_that_arrives_after_the_undo_is_released(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The undo waited for as long as a call can take, then assumed the request was lost."""
    monkeypatch.setattr(outside, "CERTAINLY_OVER", timedelta(seconds=1))
    held = Held(Bank.authorize)
    monkeypatch.setattr(Bank, "authorize", held.method())
    order = shop.place()
    assert held.called.wait(PATIENCE)

    shop.cancel(order["id"])
    assert_undone(shop, order)
    held.go_on.set()

    released = {"authorize": 1000, "capture": 0, "void": 1000}
    wait_until(lambda: shop.money(order["id"]) == released, what="the late authorization to be released")
    assert requested(shop, order) == []


@pytest.mark.parametrize("topic", [Topic.NOTIFY_CUSTOMER, Topic.FREEZE_ORDER, Topic.RESERVE_INVENTORY])
def test_a_task_that_is_begun_after_the_undo_changes_and_promises_nothing(
    shop: Shop, hold: Callable[..., Held], topic: Topic
) -> None:
    sku = shop.new_sku(stock=2)
    held = hold(topic)
    order = shop.place(shop.line(sku, 2))
    assert held.called.wait(PATIENCE)
    shop.cancel(order["id"])
    assert_undone(shop, order)
    before = shop.history(order["id"])

    held.go_on.set()

    assert held.answered.wait(PATIENCE)
    assert shop.history(order["id"]) == before
    assert_nothing_held(shop, order, sku)


@pytest.mark.parametrize("topic", UNDO)
def test_a_cancel_while_the_undo_is_worked_changes_nothing(shop: Shop, hold: Callable[..., Held], topic: Topic) -> None:
    held = hold(topic)
    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    shop.cancel(order["id"], "changed_mind")
    assert held.called.wait(PATIENCE)

    again = shop.cancel(order["id"], "another")
    held.go_on.set()

    assert (again.status_code, again.json()["reason"]) == (202, "changed_mind")
    assert_undone(shop, order)


def test_a_cancel_while_a_rejected_order_is_about_to_be_undone_is_the_reason_of_its_end(
    shop: Shop, hold: Callable[..., Held]
) -> None:
    held = hold(Topic.BEGIN_UNDO)
    order = shop.place(customer={"type": "guest", "email": "x@blocked.example"})
    assert held.called.wait(PATIENCE)

    shop.cancel(order["id"], "changed_mind")
    held.go_on.set()

    assert_undone(shop, order)
    assert shop.order(order["id"])["cancel_reason"] == "changed_mind"


def assert_nothing_held(shop: Shop, order: Json, sku: str) -> None:
    wait_until(lambda: requested(shop, order) == [], what="no request of the order left open")
    assert shop.sql("SELECT reserved FROM stock_bins WHERE sku = %s", sku) == [(0,)]
    assert shop.sql("SELECT key FROM warehouse_jobs WHERE order_id = %s AND canceled_at IS NULL", order["id"]) == []


def requested(shop: Shop, order: Json) -> list[str]:
    """The ledgers with open requests."""
    asked = "SELECT 1 FROM {} WHERE order_id = %s AND status = 'requested'"
    return [ledger for ledger in LEDGERS if shop.sql(asked.format(ledger), order["id"])]
