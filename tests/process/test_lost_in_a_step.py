"""The engine loses a process while a worker holds one of its tasks; the restarted process ends the same."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from order_api.camunda.names import Topic
from tests.factories.outcomes import Outcome, ended, lose, start_anew
from tests.fixtures.held import Held
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import wait_until

pytestmark = [pytest.mark.usefixtures("idle_warehouse"), pytest.mark.timeout(600)]

STEPS = {
    "placed": (Topic.SCREEN_FRAUD, "completed"),
    "screened": (Topic.AUTHORIZE_PAYMENT, "completed"),
    "authorized": (Topic.NOTIFY_CUSTOMER, "completed"),
    "edit window over": (Topic.RESERVE_INVENTORY, "completed"),
    "reserved": (Topic.SEND_TO_FULFILLMENT, "completed"),
    "shipped and not confirmed": (Topic.CONFIRM_SHIPMENT, "completed"),
    "shipped and not captured": (Topic.CAPTURE_PAYMENT, "completed"),
    "delivered": (Topic.CONFIRM_DELIVERY, "completed"),
    "to be closed": (Topic.CLOSE_ORDER, "completed"),
    "undo begun": (Topic.CANCEL_FULFILLMENT, "canceled"),
    "recalled": (Topic.CANCEL_ITEM, "canceled"),
    "payment released": (Topic.CLOSE_ORDER, "canceled"),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_order_whose_process_is_lost_in_a_step_ends_like_an_undisturbed_one(
    shop: Shop, hold: Callable[[Topic], Held], undisturbed: dict[str, Outcome], step: str
) -> None:
    """The step before has been done; a worker holds the task of the next."""
    topic, end = STEPS[step]
    held = hold(topic)
    order = shop.place(shop.line("MUG-WHITE", 2))
    acts = Acts(shop, order, end)
    acts.until(held.called.is_set)

    lose(shop, order)
    start_anew(shop, order)
    held.go_on.set()
    acts.until(lambda: shop.order(order["id"])["status"] == end)

    assert ended(shop, order, end) == undisturbed[end]


@pytest.fixture(scope="module")
def undisturbed(shop: Shop) -> dict[str, Outcome]:
    """The outcome of orders whose process is never lost, by their last status."""
    outcomes = {}
    for end in ("completed", "canceled"):
        order = shop.place(shop.line("MUG-WHITE", 2))
        Acts(shop, order, end).until(lambda: shop.order(order["id"])["status"] == end)  # noqa: B023 - called at once
        outcomes[end] = ended(shop, order, end)
    return outcomes


@dataclass
class Acts:
    """What the outside world does with an order as soon as it can: ships it in two parcels and delivers them, or
    cancels it once the warehouse has it."""

    shop: Shop
    order: Json
    end: str

    def until(self, is_reached: Callable[[], bool]) -> None:
        def look() -> bool:
            if is_reached():
                return True
            self.act()
            return False

        wait_until(look, what="the awaited step")

    def act(self) -> None:
        order = self.shop.order(self.order["id"])
        [item] = order["items"]
        if order["status"] != "submitted_to_fulfillment" and not item["shipped_quantity"]:
            return
        if self.end == "canceled":
            self.shop.cancel(order["id"])
        elif item["shipped_quantity"] < item["quantity"]:
            self.shop.ship(order, 1)
        else:
            self.shop.deliver_shipped(order)
