"""Which return of an order the goods of a parcel belong to: any of its returns may be named on the box."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from order_api.orders.errors import ItemNotFound
from order_api.orders.models import Order, OrderItem
from order_api.orders.repository import ItemsByLine
from order_api.returns.models import Return

Sent = dict[str, Any]
"""Some units of a line, as they were sent."""


def shares_of_parcel(
    order: Order, named: Return, others: Sequence[Return], sent: Sequence[Sent]
) -> list[tuple[Return, list[Sent]]]:
    """The named return first, with what it expects and all that no other does; then the others that expect some."""
    items, of_others = ItemsByLine(order), [(other, _expected(other), list[Sent]()) for other in others]
    own, expected = list[Sent](), _expected(named)
    for each in sent:
        item, left = item_called(items, each["line_id"]), each["quantity"]
        kept = _take(expected, item, left)
        for _, theirs, share in of_others:
            if count := _take(theirs, item, left - kept):
                share.append({**each, "quantity": count})
                left -= count
        if left:
            own.append({**each, "quantity": left})
    return [(named, own), *((other, share) for other, _, share in of_others if share)]


def item_called(items: ItemsByLine, line_id: str) -> OrderItem | None:
    """None for goods that the order does not have."""
    try:
        return items[line_id]
    except ItemNotFound:
        return None


def _expected(return_: Return) -> Counter[UUID]:
    counts = Counter[UUID]()
    for line in return_.lines:
        counts[line.item_id] += sum(row.quantity for row in line.units if row.is_expected)
    return counts


def _take(expected: Counter[UUID], item: OrderItem | None, most: int) -> int:
    """How many units of the item are expected, at most so many; they are expected no more."""
    count = min(most, expected[item.id]) if item is not None else 0
    if item is not None:
        expected[item.id] -= count
    return count
