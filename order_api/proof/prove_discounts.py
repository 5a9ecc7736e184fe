"""Discounts, proven (R3): each at most what it lowers, and those of the order split as they should be."""

from collections.abc import Iterable, Iterator

from order_api.proof.allocation import split_by_largest_remainder
from order_api.proof.priced_order import Difference, PricedCharge, PricedLine, PricedOrder, PricedOrderDiscount


def discount_fits(order: PricedOrder, owner: PricedLine | PricedCharge) -> Iterator[Difference]:
    left, is_readable = owner.amount_after_discounts, order.can_read(owner, *owner.discounts)
    owner.is_doubtful = left < 0 or not is_readable
    if left < 0 and is_readable:
        sent, most = order.text(owner.amount - left), order.text(owner.amount)
        yield Difference(f"{owner.field}.discounts", "discount_exceeds_amount", "At most the amount.", sent, most)


def split_discount(order: PricedOrder, discount: PricedOrderDiscount, tolerance: int) -> Iterator[Difference]:
    """Lowers the lines by their shares, as they were sent and as they should be."""
    wrong = [*_shares_add_up(order, discount), *_shares_are_eligible(order, discount)]
    lines = [order.lines[position] for position in discount.eligible]
    if not _is_clear(order, discount):
        yield from wrong
        return
    room = [line.tax_base for line in lines]
    if discount.amount > sum(room):
        yield from wrong
        message = "An order discount is at most what its lines are worth."
        sent, most = order.text(discount.amount), order.text(sum(room))
        yield Difference(f"{discount.field}.amount", "discount_exceeds_amount", message, sent, most)
        _doubt(lines)
        return

    split = split_by_largest_remainder(discount.amount, [line.after_item_discounts for line in lines], room)
    ours = dict(zip(discount.eligible, split, strict=True))
    wrong += _shares_differ(order, discount, ours, tolerance)
    wrong = wrong or [*_shares_left_out(order, discount, ours, tolerance)]
    yield from wrong
    sent_shares = discount.sent_shares
    discount.shares = ours if sent_shares is None else {share.position: share.amount for share in sent_shares}
    is_right = not wrong and order.can_read_all_below(f"{discount.field}.shares")
    for position, share in discount.shares.items():
        order.lines[position].order_discount += share
    for position, share in (discount.shares if is_right else ours).items():
        order.lines[position].right_order_discount += share


def _is_clear(order: PricedOrder, discount: PricedOrderDiscount) -> bool:
    """Whether anybody can say what the shares should be; if not, the lines it may touch become doubtful."""
    lines = [order.lines[position] for position in discount.eligible]
    if not order.can_read_all_below(f"{discount.field}.eligible_lines"):
        _doubt(order.lines)
        return False
    if not order.can_read(discount) or any(line.is_doubtful for line in lines):
        _doubt(lines)
        return False
    return True


def _doubt(lines: Iterable[PricedLine]) -> None:
    for line in lines:
        line.is_doubtful = True


def _shares_add_up(order: PricedOrder, discount: PricedOrderDiscount) -> Iterator[Difference]:
    if discount.sent_shares is None or not order.can_read(discount):
        return
    total = sum(share.amount for share in discount.sent_shares)
    if total != discount.amount and order.can_read_all_below(f"{discount.field}.shares"):
        message, sent = "The shares do not add up to the discount.", order.text(total)
        yield Difference(f"{discount.field}.shares", "shares_do_not_add_up", message, sent, order.text(discount.amount))


def _shares_are_eligible(order: PricedOrder, discount: PricedOrderDiscount) -> Iterator[Difference]:
    """Whatever the tolerance: who may have a share is no matter of rounding."""
    eligible = set(discount.eligible)
    if not order.can_read_all_below(f"{discount.field}.eligible_lines"):
        return
    for share in discount.sent_shares or []:
        if share.amount and share.position not in eligible:
            message = "A share goes to one of the discount's eligible_lines."
            yield Difference(f"{share.field}.line_id", "line_not_eligible", message, share.line_id)


def _shares_differ(
    order: PricedOrder, discount: PricedOrderDiscount, ours: dict[int, int], tolerance: int
) -> Iterator[Difference]:
    message = "Largest remainder, weighted by the lines after item discounts."
    for share in discount.sent_shares or []:
        if share.position not in ours or not order.can_read(share):
            continue
        expected, room = ours[share.position], order.lines[share.position].tax_base
        if abs(share.amount - expected) > tolerance or share.amount > room:
            sent = order.text(share.amount)
            yield Difference(f"{share.field}.amount", "share_differs", message, sent, order.text(expected))


def _shares_left_out(
    order: PricedOrder, discount: PricedOrderDiscount, ours: dict[int, int], tolerance: int
) -> Iterator[Difference]:
    """The others may add up without it, each within the tolerance."""
    if discount.sent_shares is None or not order.can_read_all_below(f"{discount.field}.shares"):
        return
    sent = {share.position for share in discount.sent_shares}
    for position, expected in ours.items():
        if position not in sent and expected > tolerance:
            message = f"The share of {order.lines[position].field} is missing."
            yield Difference(f"{discount.field}.shares", "share_differs", message, order.text(0), order.text(expected))
