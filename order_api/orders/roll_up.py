"""The order's status from the moment its items go to fulfillment: a pure function of its units."""

from typing import NamedTuple

ON_HOLD = "on_hold"
SENT = "submitted_to_fulfillment"


class UnitCounts(NamedTuple):
    """Sums over all items: units that are not canceled, and how many of them have departed and arrived. `is_sent` is
    true once an item is with fulfillment."""

    remaining: int
    shipped: int
    delivered: int
    is_sent: bool


def rolled_up(units: UnitCounts, *, is_closed: bool) -> str | None:
    """The order's status; None while only its model decides. `is_closed` means that its money is settled and nothing
    is left to do."""
    if is_closed:
        return "completed" if units.remaining else "canceled"
    if units.shipped == 0:
        return SENT if units.is_sent and units.remaining else None
    if units.delivered:
        return "delivered" if units.delivered == units.remaining else "partially_delivered"
    return "shipped" if units.shipped == units.remaining else "partially_shipped"


ROLLED_UP = (SENT, "partially_shipped", "shipped", "partially_delivered", "delivered", "completed", "canceled")
"""Every status that `rolled_up` returns."""
