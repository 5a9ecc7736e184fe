"""The discounts of an order, shared over its lines (R3): what each line and charge is taxed on.

Everything is said twice: as the order was sent, and as it should be. The two differ only where sent shares are refused.
None stands for what cannot be said, because a discount exceeds its amount or an amount cannot be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from order_api.proof.allocation import split_by_largest_remainder
from order_api.proof.priced_order import Owner, PricedOrder, PricedOrderDiscount
from order_api.proof.shares import Shares, are_right


@dataclass(frozen=True)
class TaxBase:
    """What a line or charge is worth after all discounts, which is what its taxes are of."""

    as_sent: int
    right: int | None


@dataclass(frozen=True)
class SharedDiscount:
    """One discount of the order, shared.

    `room` is what its eligible lines have left for it. `ours` is our split, None where there is none because the room
    is unknown or too small. `shares` lower the lines: those sent, otherwise ours; empty where there is no split.
    `right` are those that should: the sent ones as long as the proof keeps them.
    """

    room: Shares | None
    ours: Shares | None
    shares: Shares
    right: Shares | None


@dataclass(frozen=True)
class Split:
    """What `split` found out; amounts are in minor units.

    `tolerance` is per tax and share: what was sent is kept when it is off by no more. `discounts` are by position of
    the order's discounts, `lines` by position of its lines, `charges` by position in `all_charges()`.
    """

    tolerance: int
    discounts: Sequence[SharedDiscount]
    lines: Sequence[TaxBase]
    charges: Sequence[TaxBase]

    @property
    def bases(self) -> list[TaxBase]:
        """By position in the order's `owners()`."""
        return [*self.lines, *self.charges]


def split(order: PricedOrder, tolerance: int = 0) -> Split:
    """Shares one discount after the other, each over what those before it have left."""
    lines = [_own_base(order, line) for line in order.lines]
    shared = []
    for discount in order.discounts:
        one = _share(order, discount, lines, tolerance)
        lines = _lowered(order, discount, lines, one)
        shared.append(one)
    return Split(tolerance, shared, lines, [_own_base(order, charge) for charge in order.all_charges()])


def _own_base(order: PricedOrder, owner: Owner) -> TaxBase:
    left, is_readable = owner.after_own_discounts, order.can_read(owner, *owner.discounts)
    return TaxBase(left, left if left >= 0 and is_readable else None)


def _share(
    order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase], tolerance: int
) -> SharedDiscount:
    room = _room(order, discount, lines)
    if room is None or discount.amount > sum(room.values()):
        return SharedDiscount(room, ours=None, shares={}, right=None)
    weights = [order.lines[position].after_own_discounts for position in room]
    split = split_by_largest_remainder(discount.amount, weights, list(room.values()))
    ours = {position: split[index] for index, position in enumerate(room)}
    if discount.sent_shares is None:
        return SharedDiscount(room, ours, shares=ours, right=ours)
    sent = {share.position: share.amount for share in discount.sent_shares}
    return SharedDiscount(room, ours, sent, sent if are_right(order, discount, ours, room, tolerance) else ours)


def _room(order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase]) -> Shares | None:
    room = {position: lines[position].right for position in discount.eligible}
    known = {position: left for position, left in room.items() if left is not None}
    is_readable = order.can_read(discount) and order.can_read_all_below(f"{discount.field}.eligible_lines")
    return known if is_readable and known == room else None


def _lowered(
    order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase], shared: SharedDiscount
) -> list[TaxBase]:
    if shared.right is None:
        touched = _lines_it_may_touch(order, discount)
        return [TaxBase(base.as_sent, None) if at in touched else base for at, base in enumerate(lines)]
    right = shared.right
    return [
        TaxBase(base.as_sent - shared.shares.get(at, 0), None if base.right is None else base.right - right.get(at, 0))
        for at, base in enumerate(lines)
    ]


def _lines_it_may_touch(order: PricedOrder, discount: PricedOrderDiscount) -> set[int]:
    is_readable = order.can_read_all_below(f"{discount.field}.eligible_lines")
    return set(discount.eligible if is_readable else range(len(order.lines)))
