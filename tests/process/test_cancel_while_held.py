"""A worker is in the middle of a vendor's call when the cancel arrives: the undo is through before the call is."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from order_api.core import database
from order_api.integrations.fraud.rules import FraudRules
from order_api.integrations.fulfillment.warehouse import Warehouse
from order_api.integrations.inventory.stock_ledger import StockLedger
from tests.fixtures.service import forget_settings
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until
from tests.process.test_cancel import assert_undone
from workers.runtime.registry import handlers
from workers.runtime.worker import Worker

LEDGERS = ("fraud_screenings", "payment_transactions", "reservations", "fulfillment_orders")
SETTINGS = ("DATABASE_URL", "ENGINE_URL", "ENGINE_USER", "ENGINE_PASSWORD", "SECRET_KEY", "WAREHOUSE_SHIP_DELAY")


class Held:
    """A vendor's method whose first call arrives only when the test lets it."""

    def __init__(self, vendor: Callable[..., Any]) -> None:
        self.vendor = vendor
        self.called, self.go_on, self.answered = (threading.Event() for _ in range(3))

    def method(self) -> Callable[..., Any]:
        """A function, so that it is bound to the vendor it is called on."""

        def call(*given: Any) -> Any:
            self.called.set()
            assert self.go_on.wait(60)
            answer = self.vendor(*given)
            self.answered.set()
            return answer

        return call


@pytest.fixture(scope="module")
def worker_in_this_process(shop: Shop) -> Iterator[None]:
    """In place of the shop's own, so that a test can get at the vendors it calls."""
    shop.system.stop("workers")
    with pytest.MonkeyPatch.context() as environment:
        for name in SETTINGS:
            environment.setenv(name, shop.system.env[name])
        forget_settings()
        worker = Worker(handlers(), threads=4)
        running = threading.Thread(target=worker.run)
        running.start()
        yield
        worker.stop()
        running.join(30)
        database.engine().dispose()
    forget_settings()
    shop.system.start("workers")


@pytest.mark.usefixtures("worker_in_this_process")
@pytest.mark.parametrize(
    ("vendor", "method"),
    [(FraudRules, "score"), (StockLedger, "hold"), (Warehouse, "send")],
    ids=["screen-fraud", "reserve-inventory", "send-to-fulfillment"],
)
def test_a_call_that_arrives_after_the_undo_leaves_nothing_behind(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, vendor: type, method: str
) -> None:
    sku = shop.new_sku(stock=2)
    held = Held(getattr(vendor, method))
    monkeypatch.setattr(vendor, method, held.method())
    order = shop.place(shop.line(sku, 2))
    assert held.called.wait(30)

    shop.cancel(order["id"])
    shop.wait_for_status(order["id"], "canceled")
    held.go_on.set()

    assert held.answered.wait(30)
    assert_undone(shop, order)
    assert_nothing_held(shop, order, sku)


def assert_nothing_held(shop: Shop, order: Json, sku: str) -> None:
    wait_until(lambda: requested(shop, order) == [], what="no request of the order left open")
    assert shop.sql("SELECT held FROM stock_bins WHERE sku = %s", sku) == [(0,)]
    assert shop.sql("SELECT key FROM warehouse_jobs WHERE order_id = %s AND canceled_at IS NULL", order["id"]) == []


def requested(shop: Shop, order: Json) -> list[str]:
    """The ledgers in which something may still have happened."""
    asked = "SELECT 1 FROM {} WHERE order_id = %s AND status = 'requested'"
    return [ledger for ledger in LEDGERS if shop.sql(asked.format(ledger), order["id"])]
