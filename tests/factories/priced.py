"""Orders as the arithmetic sees them, without a database."""

from typing import Any
from uuid import uuid4

from order_api.orders.models import Order
from order_api.placement.build import build_order
from order_api.placement.schemas import PlaceOrderBody
from order_api.proof.priced_order import Difference, PricedOrder
from order_api.proof.prove import prove
from order_api.proof.read_prices import PriceReader
from order_api.stores.models import OrderCollection

Json = dict[str, Any]


def priced(body: Json) -> PricedOrder:
    """As the proof gets it; its order discounts are not split yet."""
    return PriceReader(body["currency"]).order(PlaceOrderBody().load(body))


def proven(body: Json) -> PricedOrder:
    order = priced(body)
    assert prove(order) == []
    return order


def differences(body: Json, tolerance: int = 0) -> list[tuple[str, str, str | None, str | None]]:
    """Field, code, sent, expected."""
    return [(d.field, d.code, d.sent, d.expected) for d in prove(priced(body), tolerance)]


def reading_differences(body: Json) -> list[Difference]:
    return priced(body).unreadable


def built(body: Json) -> Order:
    collection = OrderCollection(id=uuid4(), key="default", name="Default", stored_properties={})
    return build_order(PlaceOrderBody().load(body), proven(body), collection, "NUMBER")
