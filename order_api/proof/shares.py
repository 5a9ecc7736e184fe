"""Checks the sent shares of an order discount against our split (`ours`) and the `room` of each line."""

from collections.abc import Mapping

from order_api.proof.priced_order import PricedOrder, PricedOrderDiscount, PricedShare

Shares = Mapping[int, int]
"""Position of a line → minor units."""


def are_accepted(order: PricedOrder, discount: PricedOrderDiscount, ours: Shares, room: Shares, tolerance: int) -> bool:
    """Whether the sent shares pass the proof and replace ours."""
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
    """Shares of lines that are not eligible. There is no tolerance, because eligibility does not depend on rounding."""
    eligible = set(discount.eligible)
    return [share for share in discount.sent_shares or [] if share.amount and share.position not in eligible]


def is_off(share: PricedShare, ours: Shares, room: Shares, tolerance: int) -> bool:
    """Whether the share differs by more than the tolerance or exceeds its line's room. Skips ineligible lines, which
    `ineligible` reports."""
    if share.position not in ours:
        return False
    return abs(share.amount - ours[share.position]) > tolerance or share.amount > room[share.position]


def left_out(discount: PricedOrderDiscount, ours: Shares, tolerance: int) -> list[int]:
    """Positions of lines that should have a share but have none. The sum alone does not reveal them: the other shares
    may make up for one, each within the tolerance."""
    sent = {share.position for share in discount.sent_shares or []}
    return [position for position, expected in ours.items() if position not in sent and expected > tolerance]
