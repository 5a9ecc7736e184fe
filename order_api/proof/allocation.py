"""Splits money without losing any: shares of an order discount (R3), units of a line (R4), taxes (R2)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from order_api.core.money import round_half_up


def split_by_largest_remainder(amount: int, weights: Sequence[int], caps: Sequence[int] | None = None) -> list[int]:
    """Shares of `amount` in proportion to `weights`; their sum is `amount`, ties go to the earlier line.

    No share exceeds its cap (default: its weight). When every line with a weight is full, the others are weighted by
    their remaining room. Raises ValueError when the caps cannot hold the amount.
    """
    caps = list(weights if caps is None else caps)
    if amount > sum(caps) or amount < 0:
        raise ValueError(f"{amount} cannot be split over {sum(caps)}.")
    room = caps
    while remaining := amount - sum(caps) + sum(room):
        open_weights = [weight if space else 0 for weight, space in zip(weights, room, strict=True)]
        more = _proportional(remaining, open_weights if any(open_weights) else room)
        room = [max(0, space - more[index]) for index, space in enumerate(room)]
    return [cap - room[index] for index, cap in enumerate(caps)]


def _proportional(amount: int, weights: Sequence[int]) -> list[int]:
    total = sum(weights)
    shares = [amount * w // total for w in weights]
    remainders = [(-(amount * w % total), index) for index, w in enumerate(weights)]
    for _, index in sorted(remainders)[: amount - sum(shares)]:
        shares[index] += 1
    return shares


def worth_of_units(total: int, quantity: int, first: int, count: int) -> int:
    """The worth of units `first` to `first + count - 1` (from 1) of a line; all units sum exactly to `total`.

    10.00 over 3 is 3.33, 3.34, 3.33 (MC03).
    """
    return _worth_up_to(total, quantity, first + count - 1) - _worth_up_to(total, quantity, first - 1)


def worth_by_unit(total: int, quantity: int, first: int, count: int) -> list[int]:
    """The worth of each of these units (R4)."""
    up_to = [_worth_up_to(total, quantity, unit) for unit in range(first - 1, first + count)]
    return [after - before for before, after in pairwise(up_to)]


def _worth_up_to(total: int, quantity: int, unit: int) -> int:
    """Half up, away from zero. In integers, because a line may have 100,000 units."""
    size = (2 * abs(total) * unit + quantity) // (2 * quantity)
    return size if total >= 0 else -size


def tax_on(base: int, rate: Decimal, all_rates: Sequence[Decimal], *, included: bool) -> int:
    """Tax of one rate on a line after all discounts. `included` means that the base contains the tax of all rates."""
    if not included:
        return round_half_up(Fraction(base) * Fraction(rate))
    return round_half_up(Fraction(base) * Fraction(rate) / (1 + Fraction(sum(all_rates))))
