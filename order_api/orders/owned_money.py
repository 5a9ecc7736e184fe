"""The charges, discounts and taxes of an order, indexed by their owner.

A large order has thousands of each; scanning all of them for every line would take minutes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from order_api.orders.models import Order, OrderCharge, OrderDiscount, OrderTax


@dataclass(frozen=True)
class OwnedMoney:
    """Rows by the id of their owner: an item, a ship group or a charge; None is the order itself.

    Reads each relation only on demand, because not every story loads all parts of the order.
    """

    order: Order

    @cached_property
    def charges(self) -> dict[UUID | None, list[OrderCharge]]:
        return _by_owner(self.order.charges)

    @cached_property
    def discounts(self) -> dict[UUID | None, list[OrderDiscount]]:
        return _by_owner(self.order.discounts)

    @cached_property
    def taxes(self) -> dict[UUID | None, list[OrderTax]]:
        return _by_owner(self.order.taxes)


def _by_owner(rows: Iterable[Any]) -> dict[UUID | None, list[Any]]:
    owned: dict[UUID | None, list[Any]] = defaultdict(list)
    for row in rows:
        owned[row.owner_id].append(row)
    return owned
