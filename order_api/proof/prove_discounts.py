"""Proves discounts (R3): none exceeds the amount it lowers, and order discounts are shared correctly."""

from collections.abc import Iterator

from order_api.proof.priced_order import Difference, Owner, PricedOrder, PricedOrderDiscount
from order_api.proof.shares import Shares, ineligible, is_off, left_out
from order_api.proof.split import SharedDiscount


def own_discounts_fit(order: PricedOrder, owner: Owner) -> Iterator[Difference]:
    remaining = owner.after_own_discounts
    if remaining < 0 and order.can_read(owner, *owner.discounts):
        sent, most = order.text(owner.amount - remaining), order.text(owner.amount)
        message = "The discounts must not exceed the amount."
        yield Difference(f"{owner.field}.discounts", "discount_exceeds_amount", message, sent, most)


def shares_fit(
    order: PricedOrder, discount: PricedOrderDiscount, shared: SharedDiscount, tolerance: int
) -> list[Difference]:
    """Reports a missing share only if the discount has no other difference."""
    differences = [*_shares_add_up(order, discount), *_shares_are_eligible(order, discount)]
    if shared.room is None:
        return differences
    if shared.ours is None:
        return [*differences, _exceeds_its_lines(order, discount, shared.room)]
    differences += _shares_differ(order, discount, shared.ours, shared.room, tolerance)
    return differences or [*_shares_left_out(order, discount, shared.ours, tolerance)]


def _shares_add_up(order: PricedOrder, discount: PricedOrderDiscount) -> Iterator[Difference]:
    if discount.sent_shares is None or not order.can_read(discount):
        return
    total = sum(share.amount for share in discount.sent_shares)
    if total != discount.amount and order.can_read_all_below(f"{discount.field}.shares"):
        message, sent = "The shares do not add up to the discount.", order.text(total)
        yield Difference(f"{discount.field}.shares", "shares_do_not_add_up", message, sent, order.text(discount.amount))


def _shares_are_eligible(order: PricedOrder, discount: PricedOrderDiscount) -> Iterator[Difference]:
    if not order.can_read_all_below(f"{discount.field}.eligible_lines"):
        return
    for share in ineligible(discount):
        message = "A share must go to one of the discount's eligible_lines."
        yield Difference(f"{share.field}.line_id", "line_not_eligible", message, share.line_id)


def _exceeds_its_lines(order: PricedOrder, discount: PricedOrderDiscount, room: Shares) -> Difference:
    message = "An order discount must not exceed what remains of its lines."
    sent, most = order.text(discount.amount), order.text(sum(room.values()))
    return Difference(f"{discount.field}.amount", "discount_exceeds_amount", message, sent, most)


def _shares_differ(
    order: PricedOrder, discount: PricedOrderDiscount, ours: Shares, room: Shares, tolerance: int
) -> Iterator[Difference]:
    message = "Shares are split by largest remainder, weighted by the lines after item discounts."
    for share in filter(order.can_read, discount.sent_shares or []):
        if is_off(share, ours, room, tolerance):
            sent, expected = order.text(share.amount), order.text(ours[share.position])
            yield Difference(f"{share.field}.amount", "share_differs", message, sent, expected)


def _shares_left_out(
    order: PricedOrder, discount: PricedOrderDiscount, ours: Shares, tolerance: int
) -> Iterator[Difference]:
    if discount.sent_shares is None or not order.can_read_all_below(f"{discount.field}.shares"):
        return
    for position in left_out(discount, ours, tolerance):
        message, expected = f"The share of {order.lines[position].field} is missing.", order.text(ours[position])
        yield Difference(f"{discount.field}.shares", "share_differs", message, order.text(0), expected)
