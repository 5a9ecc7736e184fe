"""Shares the discounts of an order over its lines (R3), which gives the tax base of each line and charge.

Every result comes twice: as sent, and as it should be (`corrected`). They differ only where sent shares are refused.
`corrected` is None if it is unknown, because a discount is larger than what it reduces, or an amount cannot be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from order_api.proof.allocation import split_by_largest_remainder
from order_api.proof.priced_order import Owner, PricedOrder, PricedOrderDiscount
from order_api.proof.shares import Shares, are_accepted


@dataclass(frozen=True)
class TaxBase:
    """The worth of a line or charge after all discounts, to which its tax rates apply."""

    as_sent: int
    corrected: int | None


@dataclass(frozen=True)
class SharedDiscount:
    """One order discount and its shares.

    `room` is what remains of its eligible lines. `ours` is our split, None if the room is unknown or too small.
    `shares` lower the lines' `as_sent`: they are the sent shares, or ours if none were sent; empty if `ours` is None.
    `corrected` are the sent shares if they pass the proof, otherwise ours.
    """

    room: Shares | None
    ours: Shares | None
    shares: Shares
    corrected: Shares | None


@dataclass(frozen=True)
class Split:
    """The result of `split`; amounts are in minor units.

    A sent tax or share that differs by at most `tolerance` is accepted. `discounts` and `lines` have the order of the
    order's discounts and lines, `charges` that of `all_charges()`.
    """

    tolerance: int
    discounts: Sequence[SharedDiscount]
    lines: Sequence[TaxBase]
    charges: Sequence[TaxBase]

    @property
    def bases(self) -> list[TaxBase]:
        """In the order of `PricedOrder.owners()`."""
        return [*self.lines, *self.charges]


def split(order: PricedOrder, tolerance: int = 0) -> Split:
    """Shares one discount after the other, each over what remains after the earlier ones."""
    lines = [_own_base(order, line) for line in order.lines]
    shared = []
    for discount in order.discounts:
        one = _share(order, discount, lines, tolerance)
        lines = _lowered(order, discount, lines, one)
        shared.append(one)
    return Split(tolerance, shared, lines, [_own_base(order, charge) for charge in order.all_charges()])


def _own_base(order: PricedOrder, owner: Owner) -> TaxBase:
    remaining, is_readable = owner.after_own_discounts, order.can_read(owner, *owner.discounts)
    return TaxBase(remaining, remaining if remaining >= 0 and is_readable else None)


def _share(
    order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase], tolerance: int
) -> SharedDiscount:
    room = _room(order, discount, lines)
    if room is None or discount.amount > sum(room.values()):
        return SharedDiscount(room, ours=None, shares={}, corrected=None)
    weights = [order.lines[position].after_own_discounts for position in room]
    split = split_by_largest_remainder(discount.amount, weights, list(room.values()))
    ours = {position: split[index] for index, position in enumerate(room)}
    if discount.sent_shares is None:
        return SharedDiscount(room, ours, shares=ours, corrected=ours)
    sent = {share.position: share.amount for share in discount.sent_shares}
    return SharedDiscount(room, ours, sent, sent if are_accepted(order, discount, ours, room, tolerance) else ours)


def _room(order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase]) -> Shares | None:
    room = {position: lines[position].corrected for position in discount.eligible}
    amounts = {position: amount for position, amount in room.items() if amount is not None}
    is_readable = order.can_read(discount) and order.can_read_all_below(f"{discount.field}.eligible_lines")
    return amounts if is_readable and amounts == room else None


def _lowered(
    order: PricedOrder, discount: PricedOrderDiscount, lines: Sequence[TaxBase], shared: SharedDiscount
) -> list[TaxBase]:
    if shared.corrected is None:
        touched = _lines_it_may_touch(order, discount)
        return [TaxBase(base.as_sent, None) if at in touched else base for at, base in enumerate(lines)]
    corrected = shared.corrected
    return [
        TaxBase(
            base.as_sent - shared.shares.get(at, 0),
            None if base.corrected is None else base.corrected - corrected.get(at, 0),
        )
        for at, base in enumerate(lines)
    ]


def _lines_it_may_touch(order: PricedOrder, discount: PricedOrderDiscount) -> set[int]:
    is_readable = order.can_read_all_below(f"{discount.field}.eligible_lines")
    return set(discount.eligible if is_readable else range(len(order.lines)))
