"""What the second reckoning splits and how: parts of a unit or charge, in minor units."""

from dataclasses import dataclass


@dataclass
class Left:
    """What is left of a unit or of a whole charge: its gross, and each tax within it."""

    gross: int
    taxes: list[int]


def split(amount: int, weights: list[int]) -> list[int]:
    """In proportion; what is left goes to the largest remainders, of equal ones to the earlier."""
    total = sum(weights) or 1
    shares = [amount * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(amount * weights[n] % total), n))
    for place in order[: amount - sum(shares)]:
        shares[place] += 1
    return shares


def in_taxes(amount: int, gross: int, taxes: list[int]) -> list[int]:
    """The taxes of a part of a gross amount; the net is served first, and all takes all."""
    if amount == gross:
        return list(taxes)
    return split(amount, [max(0, gross - sum(taxes)), *taxes])[1:]
