"""Acts on one order meet at the same moment: each unit ends once, and the money follows it.

Every pair of canceling units, shipping, capturing, canceling the order and freezing it; a capture follows a parcel, and
a parcel the freeze, so those two cannot meet. `make races` lets each pair meet 50 times; then each side must win at
least five times.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from order_api.words.events import Event
from tests.chaos.audit import audit, wait_until_settled
from tests.chaos.colleagues import ON_CALL
from tests.chaos.conftest import Storm
from tests.chaos.test_races import at_once
from tests.chaos.traffic import PATIENCE, RACES, TIMEOUT
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import WAREHOUSE_KEY, wait_until

MANY = 50
"""Races of a pair, of which each side must win at least `MIN_WINS`."""
MIN_WINS = 5


class Act(NamedTuple):
    """`carry_out` returns the status of the answer; one of `events` in the order's history tells when it happened."""

    carry_out: Callable[[Shop, Json], int]
    events: Sequence[Event]
    occurrence: int = 1
    """The first of these events, or the second where one came before the race."""


def cancel_two_units(shop: Shop, order: Json) -> int:
    items = [{"line_id": order["items"][0]["line_id"], "quantity": 2}]
    headers = {"Idempotency-Key": str(uuid4())}
    body = {"items": items, "reason": "changed_mind"}
    return shop.call("POST", f"/v1/orders/{order['id']}/cancellations", body, **headers).status_code


def cancel_all(shop: Shop, order: Json) -> int:
    return shop.cancel(order["id"]).status_code


def ship_two_units(shop: Shop, order: Json) -> int:
    lines = [{"line_id": order["items"][0]["line_id"], "quantity": 2}]
    body = {"carrier": "dhl", "tracking_number": f"{order['id']}-2", "lines": lines}
    return shop.call("POST", f"/v1/orders/{order['id']}/shipments", body, WAREHOUSE_KEY).status_code


def wait_for_capture(shop: Shop, order: Json) -> int:
    """A parcel has just left; its capture comes by itself."""
    return 200


def freeze(shop: Shop, order: Json) -> int:
    """409 if a cancellation has ended the edit window."""
    try:
        shop.repeated("POST", f"/job/{order['edit_window']}/execute")
    except AssertionError:
        return 409
    return 200


CANCEL_UNITS = Act(cancel_two_units, [Event.ORDER_UNITS_CANCELED, Event.ORDER_UNITS_ASKED_BACK])
CANCEL_ALL = Act(cancel_all, [Event.ORDER_CANCEL_REQUESTED])
SHIP = Act(ship_two_units, [Event.ITEM_SHIPPED])
SHIP_MORE = SHIP._replace(occurrence=2)
CAPTURE = Act(wait_for_capture, [Event.PAYMENT_CAPTURED])
FREEZE = Act(freeze, [Event.ORDER_FROZEN])


def in_edit_window(shop: Shop, sku: str) -> Json:
    with shop.edit_window("PT1H"):
        order = shop.place(shop.line(sku, 3), shop.line(sku, 1))
    return {**order, "edit_window": shop.wait_for_timer(order["id"], "event_edit_window")}


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
    first: Act
    second: Act
    answers: set[tuple[int, int]]
    """What both acts may be answered."""
    spread: float = 0.05
    """Seconds by which one of them may be late, so that either may win."""
    by_answer: bool = False
    """The first act wins if it is accepted; else the act wins that happened first."""
    can_both_win: bool = True


RACES_OF_ACTS = {
    "units and units": Race(in_edit_window, CANCEL_UNITS, CANCEL_UNITS, {(200, 409), (409, 200)}, by_answer=True),
    "units and the order": Race(in_edit_window, CANCEL_UNITS, CANCEL_ALL, {(200, 202), (409, 202)}),
    "units and the freeze": Race(in_edit_window, CANCEL_UNITS, FREEZE, {(200, 200), (202, 200)}, 0.3),
    "units and a shipment": Race(at_warehouse, CANCEL_UNITS, SHIP, {(202, 201), (202, 409), (409, 201)}),
    "units and a capture": Race(just_left, CANCEL_UNITS, CAPTURE, {(202, 200)}, 0.6),
    "the order and the freeze": Race(in_edit_window, CANCEL_ALL, FREEZE, {(202, 200), (202, 409)}, 0.3),
    "the order and a shipment": Race(at_warehouse, CANCEL_ALL, SHIP, {(202, 409), (409, 201)}),
    # What has left cannot be called off, whether or not it is paid.
    "the order and a capture": Race(just_left, CANCEL_ALL, CAPTURE, {(409, 200)}, 0.6, can_both_win=False),
    # A shipment before the freeze is refused, one after it is possible once the warehouse knows.
    "a shipment and the freeze": Race(in_edit_window, SHIP, FREEZE, {(409, 200), (201, 200)}, 2.0, by_answer=True),
    "a shipment and a capture": Race(just_left, SHIP_MORE, CAPTURE, {(201, 200)}, 0.6),
}


@pytest.mark.timeout(TIMEOUT)
@pytest.mark.parametrize("race", RACES_OF_ACTS.values(), ids=RACES_OF_ACTS.keys())
def test_two_acts_race(storm: Storm, race: Race) -> None:
    shop, sku = storm.shop, f"{ON_CALL}{uuid4()}"
    shop.receive(sku, 4 * RACES)
    storm.received.append((sku, 4 * RACES))

    orders, met = [], []
    for _ in range(RACES):
        order = race.place(shop, sku)
        orders.append(order)
        met.append(meet(shop, order, race, storm.random))

    for order in orders:
        end_other_waits(shop, order)
    wait_until(lambda: not asked_back(shop, orders), seconds=PATIENCE, what="every answer of the warehouse")
    wait_until_settled(shop, [order["id"] for order in orders], PATIENCE)
    winners = Counter(winner(shop, order, race, answers) for order, answers in zip(orders, met, strict=True))
    print(Counter(met), winners)
    assert set(met) <= race.answers
    audit(storm, [order["id"] for order in orders])
    if RACES >= MANY and race.can_both_win:
        assert min(winners["first"], winners["second"]) >= MIN_WINS


def meet(shop: Shop, order: Json, race: Race, dice: Random) -> tuple[int, int]:
    late = dice.uniform(-race.spread, race.spread)
    first = partial(after, max(late, 0), race.first, shop, order)
    second = partial(after, max(-late, 0), race.second, shop, order)
    answers = at_once(first, second)
    return answers[0], answers[1]


def after(seconds: float, act: Act, shop: Shop, order: Json) -> int:
    time.sleep(seconds)
    return act.carry_out(shop, order)


def winner(shop: Shop, order: Json, race: Race, answers: tuple[int, int]) -> str:
    if race.by_answer:
        return "first" if answers[0] < 400 else "second"
    events = shop.events(order["id"])
    first, second = happened(events, race.first, answers[0]), happened(events, race.second, answers[1])
    return "first" if first < second else "second"


def happened(events: list[str], act: Act, answer: int) -> int:
    """The act's place in the history; the end if it was refused or left no trace."""
    places = [number for number, event in enumerate(events) if event in act.events]
    was_seen = answer < 400 and len(places) >= act.occurrence
    return places[act.occurrence - 1] if was_seen else len(events)


def end_other_waits(shop: Shop, order: Json) -> None:
    """An order that was not canceled goes on behind its edit window; the parcels that the test shipped arrive."""
    seen = shop.order(order["id"])
    if seen["status"] == "ready_to_edit" and seen["cancel_requested_at"] is None:
        freeze(shop, order)
    shop.deliver_shipped(order)


def asked_back(shop: Shop, orders: list[Json]) -> list[Any]:
    ids = [order["id"] for order in orders]
    return shop.sql("SELECT 1 FROM recalled_units WHERE order_id = ANY(%s::uuid[]) AND status = 'asked'", ids)
