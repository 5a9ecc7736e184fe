"""The tables of an order as it was placed, and of what became of it."""

from order_api.orders.models.event import OrderEvent
from order_api.orders.models.item import OrderItem
from order_api.orders.models.money_lines import OrderCharge, OrderDiscount, OrderTax
from order_api.orders.models.note import OrderNote
from order_api.orders.models.order import Order, ShipGroup
from order_api.orders.models.tender import Tender
from order_api.orders.models.unit_range import UnitRange

__all__ = [
    "Order",
    "OrderCharge",
    "OrderDiscount",
    "OrderEvent",
    "OrderItem",
    "OrderNote",
    "OrderTax",
    "ShipGroup",
    "Tender",
    "UnitRange",
]
