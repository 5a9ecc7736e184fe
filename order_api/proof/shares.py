"""Shares of an order discount that were sent: which of them are wrong, beside `ours` and the `room` of each line."""

from collections.abc import Mapping

from order_api.proof.priced_order import PricedOrder, PricedOrderDiscount, PricedShare

Shares = Mapping[int, int]
"""Position of a line → minor units."""


def are_right(order: PricedOrder, discount: PricedOrderDiscount, ours: Shares, room: Shares, tolerance: int) -> bool:
    """Whether the proof keeps the shares that were sent instead of ours."""
    if not order.can_read_all_below(f"{discount.field}.shares"):
        return False
    sent = discount.sent_shares or []
    return not (
        sum(share.amount for share in sent) != discount.amount
        or ineligible(discount)
        or any(is_off(share, ours, room, tolerance) for share in sent)
        or left_out(discount, ours, tolerance)
    )


def ineligible(discount: PricedOrderDiscount) -> list[PricedShare]:
    """There is no tolerance: who may have a share is no matter of rounding."""
    eligible = set(discount.eligible)
    return [share for share in discount.sent_shares or [] if share.amount and share.position not in eligible]


def is_off(share: PricedShare, ours: Shares, room: Shares, tolerance: int) -> bool:
    """By more than the tolerance, or above what its line has left. One that is not eligible is told as that."""
    if share.position not in ours:
        return False
    return abs(share.amount - ours[share.position]) > tolerance or share.amount > room[share.position]


def left_out(discount: PricedOrderDiscount, ours: Shares, tolerance: int) -> list[int]:
    """Positions of lines without a share that should have one. The others may add up without it, each within the
    tolerance."""
    sent = {share.position for share in discount.sent_shares or []}
    return [position for position, expected in ours.items() if position not in sent and expected > tolerance]
