"""Orders for the arithmetic, without a database."""

from typing import Any
from uuid import uuid4

from order_api.orders.models import Order
from order_api.placement.build import build_order
from order_api.placement.schemas import PlaceOrderBody
from order_api.proof.priced_order import Difference, PricedOrder
from order_api.proof.prove import differences as differences_of
from order_api.proof.read_prices import PriceReader
from order_api.proof.split import Split, split
from order_api.stores.models import OrderCollection

Json = dict[str, Any]


def priced(body: Json) -> PricedOrder:
    """The order as the proof receives it."""
    return PriceReader(body["currency"]).order(PlaceOrderBody().load(body))


def proven(body: Json) -> PricedOrder:
    order = priced(body)
    assert differences_of(order, split(order)) == []
    return order


def proven_split(body: Json) -> Split:
    return split(proven(body))


def order_discounts(body: Json) -> list[int]:
    """The amount that the discounts of a proven order take off each line."""
    order, shared = proven(body), proven_split(body)
    return [line.after_own_discounts - base.as_sent for line, base in zip(order.lines, shared.lines, strict=True)]


def differences(body: Json, tolerance: int = 0) -> list[tuple[str, str, str | None, str | None]]:
    """Field, code, sent and expected value of each difference."""
    order = priced(body)
    return [(d.field, d.code, d.sent, d.expected) for d in differences_of(order, split(order, tolerance))]


def reading_differences(body: Json) -> list[Difference]:
    return list(priced(body).unreadable)


def built(body: Json) -> Order:
    collection = OrderCollection(id=uuid4(), key="default", name="Default", stored_properties={})
    loaded = PlaceOrderBody().load(body)
    return build_order(loaded, proven(body), proven_split(body), collection=collection, number="NUMBER")
