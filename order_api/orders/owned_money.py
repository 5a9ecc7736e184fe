"""The charges, discounts and taxes of an order, found by what they belong to.

A large order has thousands of each: looking through all of them for every line would take minutes.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from order_api.orders.models import Order, OrderCharge, OrderDiscount, OrderTax


class OwnedMoney:
    """Each by the id of its owner: an item, a ship group or a charge; None is the order itself."""

    def __init__(self, order: Order) -> None:
        self.charges: dict[UUID | None, list[OrderCharge]] = _by_owner(order.charges)
        self.discounts: dict[UUID | None, list[OrderDiscount]] = _by_owner(order.discounts)
        self.taxes: dict[UUID | None, list[OrderTax]] = _by_owner(order.taxes)


def _by_owner(rows: Iterable[Any]) -> dict[UUID | None, list[Any]]:
    owned: dict[UUID | None, list[Any]] = defaultdict(list)
    for row in rows:
        owned[row.owner_id].append(row)
    return owned
