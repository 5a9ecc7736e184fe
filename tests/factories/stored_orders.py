"""Inserts rows of orders directly, to collide with placed orders."""

from typing import Any
from uuid import UUID, uuid4

from order_api.core import clock
from tests.factories.companies import Company
from tests.factories.orders import Json

SUMS = ("items_total", "discounts_total", "charges_total", "taxes_total", "grand_total")


def stored_order(company: Company, **changes: Any) -> Json:
    return {
        "id": uuid4(),
        "number": uuid4().hex,
        "collection_id": company.id,
        "collection_key": company.key,
        "channel": "web",
        "external_id": str(uuid4()),
        "currency": "USD",
        "tax_included": False,
        "customer_type": "guest",
        "placed_at": clock.now(),
        "updated_at": clock.now(),
        **dict.fromkeys(SUMS, 0),
        **changes,
    }


def stored_item(order_id: UUID, ship_group_id: UUID, **changes: Any) -> Json:
    amounts = ("unit_price", "list_price", "line_amount", "amount_after_discounts")
    return {
        "id": uuid4(),
        "order_id": order_id,
        "ship_group_id": ship_group_id,
        "position": 1,
        "line_id": "1",
        "sku": "MUG",
        "name": "Mug",
        "quantity": 1,
        **dict.fromkeys(amounts, 0),
        **changes,
    }
