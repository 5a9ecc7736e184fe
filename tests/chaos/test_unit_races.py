"""Canceling units meets another act at the same moment: each unit ends once, and the money follows it."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.colleagues import ON_CALL
from tests.chaos.conftest import Storm
from tests.chaos.test_races import at_once
from tests.chaos.traffic import PATIENCE, RACES, TIMEOUT
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import WAREHOUSE_KEY, wait_until

Act = Callable[[Shop, Json], int]


def cancel_units(shop: Shop, order: Json, quantity: int = 2) -> int:
    items = [{"line_id": order["items"][0]["line_id"], "quantity": quantity}]
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"items": items, "reason": "changed_mind"}
    return shop.call("POST", f"/v1/orders/{order['id']}/cancellations", body, **headers).status_code


def cancel_all(shop: Shop, order: Json) -> int:
    return shop.cancel(order["id"]).status_code


def ship(shop: Shop, order: Json) -> int:
    lines = [{"line_id": order["items"][0]["line_id"], "quantity": 2}]
    body = {"carrier": "dhl", "tracking_number": f"{order['id']}-2", "lines": lines}
    return shop.call("POST", f"/v1/orders/{order['id']}/shipments", body, WAREHOUSE_KEY).status_code


def freeze(shop: Shop, order: Json) -> int:
    shop.fire_timer(order["id"], "event_edit_window")
    return 200


def in_edit_window(shop: Shop, sku: str) -> Json:
    with shop.edit_window("PT1H"):
        order = shop.place(shop.line(sku, 3), shop.line(sku, 1))
    shop.wait_for_timer(order["id"], "event_edit_window")
    return order


def at_warehouse(shop: Shop, sku: str) -> Json:
    order = shop.place(shop.line(sku, 3), shop.line(sku, 1))
    shop.wait_until_sent([item["id"] for item in order["items"]])
    return order


def just_left(shop: Shop, sku: str) -> Json:
    """One unit has left, so its capture may run during the race."""
    order = at_warehouse(shop, sku)
    shop.ship(order, 1, 0)
    return order


class Race(NamedTuple):
    place: Callable[[Shop, str], Json]
    other: Act
    answers: set[tuple[int, int]]
    """What both acts may be answered, the canceling first."""


RACES_OF_UNITS = {
    "another cancellation of units": Race(in_edit_window, cancel_units, {(200, 409), (409, 200)}),
    "the cancellation of the order": Race(in_edit_window, cancel_all, {(200, 202), (409, 202)}),
    "the freeze": Race(in_edit_window, freeze, {(200, 200), (202, 200)}),
    "a shipment": Race(at_warehouse, ship, {(202, 201), (202, 409), (409, 201)}),
    "a capture": Race(just_left, lambda shop, order: 0, {(202, 0)}),
}


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize("race", RACES_OF_UNITS.values(), ids=RACES_OF_UNITS.keys())
def test_canceling_units_races(storm: Storm, race: Race) -> None:
    shop, sku = storm.shop, f"{ON_CALL}{uuid4()}"
    shop.receive(sku, 4 * RACES)
    storm.received.append((sku, 4 * RACES))
    orders = [race.place(shop, sku) for _ in range(RACES)]

    met = [tuple(at_once(partial(cancel_units, shop, order), partial(race.other, shop, order))) for order in orders]

    print(Counter(met))
    for order in orders:
        end_other_waits(shop, order)
    wait_until(lambda: not asked_back(shop, orders), seconds=PATIENCE, what="every answer of the warehouse")
    wait_until_settled(shop, [order["id"] for order in orders], PATIENCE)
    assert set(met) <= race.answers
    audit(storm, [order["id"] for order in orders])


def end_other_waits(shop: Shop, order: Json) -> None:
    """An order that was not canceled goes on behind its edit window; the parcels that the test shipped arrive."""
    seen = shop.order(order["id"])
    if seen["status"] == "ready_to_edit" and seen["cancel_requested_at"] is None:
        freeze(shop, order)
    shop.deliver_shipped(order)


def asked_back(shop: Shop, orders: list[Json]) -> list[Any]:
    ids = [order["id"] for order in orders]
    return shop.sql("SELECT 1 FROM recalled_units WHERE order_id = ANY(%s::uuid[]) AND status = 'asked'", ids)
