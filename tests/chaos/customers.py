"""The kinds of customers in the chaos tests: what each orders, and what happens to the order."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import uuid4

from tests.chaos.channel import Channel
from tests.chaos.colleagues import ON_CALL
from tests.factories.orders import Json, address, charge, discount, line, order_body, tax
from tests.fixtures.system import WAREHOUSE_KEY

SEEDED = ["TSHIRT-BLUE-M", "MUG-WHITE", "POSTER-A2"]
TOKENS = [
    *["tok_approve"] * 5,
    "tok_timeout",
    "tok_answer_twice",
    "tok_slow",
    "tok_decline_once",
    "tok_decline_capture_once",
]
TOKENS_OF_REFUNDS = [
    "tok_approve",
    "tok_timeout",
    "tok_answer_twice",
    "tok_decline_refund_once",
    "tok_decline_refund",
    "tok_pending_refund",
]
TWO_PARCELS = "two parcels"


@dataclass(frozen=True)
class Goods:
    """`on_call` is in stock and ships only on call, `scarce` must be received first."""

    scarce: str = field(default_factory=lambda: f"SCARCE-{uuid4()}")
    on_call: str = field(default_factory=lambda: f"{ON_CALL}{uuid4()}")


@dataclass(frozen=True)
class Customer:
    """`order` builds the body of an order; `then` acts after the order was placed."""

    order: Callable[[random.Random, Goods], Json]
    then: Callable[[Channel, str, Json], None]
    sees: str | None = None
    """An event that the order's history must contain, or `TWO_PARCELS`."""


# What they order.


def _anything(dice: random.Random, _goods: Goods) -> Json:
    skus = dice.sample(SEEDED, dice.randint(1, 3))
    return _body(dice.choice(TOKENS), *[_line(sku, dice.randint(1, 3)) for sku in skus])


def _through_a_gateway_that_falls_silent(dice: random.Random, _goods: Goods) -> Json:
    return _body("tok_timeout", _line(dice.choice(SEEDED), dice.randint(1, 3)))


def _something_dear(dice: random.Random, _goods: Goods) -> Json:
    body = _body(dice.choice(TOKENS), _line(dice.choice(SEEDED), dice.randint(3, 5), 100))
    return {**body, "billing_address": address(country="CA")}


def _on_a_bad_card(dice: random.Random, _goods: Goods) -> Json:
    return _body("tok_decline", _line(dice.choice(SEEDED), 1))


def _something_scarce(dice: random.Random, goods: Goods) -> Json:
    return _body(dice.choice(TOKENS), _line(goods.scarce, dice.randint(1, 3)), _line(dice.choice(SEEDED), 1))


def _three_and_two(dice: random.Random, goods: Goods) -> Json:
    return _body(dice.choice(TOKENS), _line(goods.on_call, 3), _line(goods.on_call, 2))


# What happens then.


def _nothing(channel: Channel, order_id: str, body: Json) -> None:
    """The warehouse ships and delivers by itself, or after a colleague's decision."""


def _regrets(channel: Channel, order_id: str, body: Json) -> None:
    time.sleep(body["custom_fields"]["regrets_after"])
    channel.insist(f"/v1/orders/{order_id}/cancellations", {"reason": "changed_mind"})


def _wants_less(channel: Channel, order_id: str, body: Json) -> None:
    """Cancels the last of three units by its number, so that repeating the call cancels no more."""
    time.sleep(body["custom_fields"]["regrets_after"])
    items = [{"line_id": body["items"][0]["line_id"], "units": [3]}]
    channel.insist(f"/v1/orders/{order_id}/cancellations", {"items": items, "reason": "changed_mind"})


def _sends_another_card(channel: Channel, order_id: str, body: Json) -> None:
    channel.wait_for(order_id, "payment.authorize_declined")
    channel.insist(f"/v1/orders/{order_id}/payments", {"type": "card", "token": f"tok_approve:{order_id}"})


def _stock_arrives(channel: Channel, order_id: str, body: Json) -> None:
    channel.wait_for(order_id, "item.backordered")
    channel.receive(body["items"][0]["sku"], body["items"][0]["quantity"])


def _goes_in_parts(channel: Channel, order_id: str, body: Json) -> None:
    item_id = channel.wait_for(order_id, "item.sent_to_fulfillment")[0]
    line = {"line_id": channel.line_id_of(item_id), "quantity": 1}
    parcel = {"carrier": "dhl", "tracking_number": order_id, "lines": [line]}
    shipment = channel.post_as_warehouse(f"/v1/orders/{order_id}/shipments", parcel)
    if "id" in shipment:
        channel.post_as_warehouse(f"/v1/shipments/{shipment['id']}/deliveries", {})


def _gets_money_back(channel: Channel, order_id: str, body: Json) -> None:
    """One unit was lost, and a little goes off the price of all. Each call is repeated until it is answered."""
    channel.wait_for(order_id, "payment.captured")
    path, key = f"/v1/orders/{order_id}/refunds", {"Idempotency-Key": f"refund {order_id}"}
    lost = [{"line_id": "1", "units": [1], "goods": "lost"}]
    channel.insist(path, {"items": lost, "reason": "lost_on_the_way"})
    channel.insist(path, {"price_reductions": [{"amount": "1.00"}], "reason": "arrived_late"}, **key)


def _sends_back(channel: Channel, order_id: str, body: Json) -> None:
    """Two units come back in two parcels, after a scan of the first; a unit too many is in the second."""
    channel.wait_for(order_id, "payment.captured")
    items = [{"line_id": "1", "units": [1, 2], "reason": "changed_mind"}]
    once = {"Idempotency-Key": f"return {order_id}"}
    said = channel.insist(f"/v1/orders/{order_id}/returns", {"items": items}, **once)
    path = f"/v1/returns/{said['number']}"
    channel.insist(f"{path}/scans", {"reference": "DHL-1", "at": "2026-11-30T10:00:00Z"})
    for reference, count, verdict in (("DOCK-1", 1, "resellable"), ("DOCK-2", 2, "scrap")):
        goods = [{"line_id": "1", "quantity": count}]
        receipt = channel.post_as_warehouse(f"{path}/receipts", {"reference": reference, "items": goods})["receipt_id"]
        body = {"verdicts": [{**goods[0], "verdict": verdict}]}
        key = {"Idempotency-Key": f"{receipt} {verdict}"}
        channel.insist(f"{path}/receipts/{receipt}/verdicts", body, WAREHOUSE_KEY, **key)
    channel.wait_for(order_id, "return.completed")


def _cannot_go(channel: Channel, order_id: str, body: Json) -> None:
    item_id = channel.wait_for(order_id, "item.sent_to_fulfillment")[0]
    channel.post_as_warehouse(f"/v1/items/{item_id}/unable-to-ship", {"reason": "damaged"})


BUYS = Customer(_anything, _nothing)
HEARS_LATE = Customer(_through_a_gateway_that_falls_silent, _nothing)
REGRETS = Customer(
    lambda dice, goods: {**_anything(dice, goods), "custom_fields": {"regrets_after": dice.random() * 3}}, _regrets
)
WANTS_LESS = Customer(
    lambda dice, goods: {**_three_and_two(dice, goods), "custom_fields": {"regrets_after": dice.random() * 3}},
    _wants_less,
    "order.units_canceled",
)
GETS_MONEY_BACK = Customer(
    lambda dice, _goods: _body(dice.choice(TOKENS_OF_REFUNDS), _line(dice.choice(SEEDED), dice.randint(2, 4))),
    _gets_money_back,
    "refund.paid",
)
SENDS_BACK = Customer(
    lambda dice, _goods: _body(dice.choice(TOKENS), _line(dice.choice(SEEDED), 3)), _sends_back, "return.completed"
)
IS_REVIEWED = Customer(_something_dear, _nothing, "decision.taken")
PAYS_ANEW = Customer(_on_a_bad_card, _sends_another_card, "payment.method_replaced")
WAITS_FOR_STOCK = Customer(_something_scarce, _stock_arrives, "item.backordered")
GETS_PARTS = Customer(_three_and_two, _goes_in_parts, TWO_PARCELS)
CANNOT_HAVE_IT = Customer(_three_and_two, _cannot_go, "item.unable_to_ship")
EACH = [
    BUYS,
    HEARS_LATE,
    REGRETS,
    IS_REVIEWED,
    PAYS_ANEW,
    WAITS_FOR_STOCK,
    GETS_PARTS,
    CANNOT_HAVE_IT,
    GETS_MONEY_BACK,
    WANTS_LESS,
    SENDS_BACK,
]
ALL_CUSTOMERS = [*EACH, *[SENDS_BACK] * 4, BUYS, REGRETS, *[GETS_MONEY_BACK, WANTS_LESS, SENDS_BACK] * 2]
"""A third sends goods back, a fifth cancels."""


def _body(token: str, *lines: Json) -> Json:
    numbered = [{**item, "line_id": str(position)} for position, item in enumerate(lines, 1)]
    body = order_body(*numbered, charges=[charge("4.90")])
    body["customer"] = {"type": "guest", "name": "Ada", "email": f"{uuid4().hex}@example.com"}
    body["tenders"][0]["token"] = f"{token}:{uuid4()}"
    return body


def _line(sku: str, quantity: int, dear: int = 1) -> Json:
    """A unit costs 10.00 minus 1.00 plus 8 % tax: 9.72, times `dear`. So the value of any number of units is exact."""
    taxes = tax(f"{Decimal('0.72') * quantity * dear:f}")
    discounts = [discount(f"{Decimal('1.00') * quantity * dear:f}")]
    return line(f"{10 * dear}.00", quantity, taxes, sku=sku, discounts=discounts)
