"""The fees of a return reckoned a second time, without any code of the service. Amounts are in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.factories.second_parts import Left, in_taxes, split

TYPES = ("label", "gift_box", "late", "wear", "restocking")
SEQUENCE = {"late": 0, "restocking": 1, "wear": 2, "label": 3}
OF = ("gross", "net", "return", "line", "unit")


@dataclass(frozen=True)
class SentFee:
    """`of` is what a percent is of, or what a fixed amount is asked for; `size` is a percent or an amount."""

    type: str
    of: str
    size: int
    lines: frozenset[int]
    tax: str

    @classmethod
    def random(cls, dice: Random, lines: Sequence[int]) -> "SentFee":
        of = dice.choice(OF)
        size = dice.choice((0, 7, 15, 50, 100)) if of in ("gross", "net") else dice.choice((0, 1, 99, 500, 100_000))
        some = frozenset(dice.sample(list(lines), dice.randint(1, len(lines))))
        return cls(dice.choice(TYPES), of, size, some, dice.choice(("as_line", "as_line", "none")))


@dataclass
class BackOfLine:
    """What some units of a line give back, and what fees have left of it."""

    count: int
    gross: int
    net: int
    left: Left


Kept = list[tuple[int, dict[int, Left]]]
"""Of each fee what it asked, and what it keeps of each line."""


def keep_fees(fees: Sequence[SentFee], back: dict[int, BackOfLine]) -> Kept:
    """Lowers what is left in `back`."""
    kept = []
    for fee in sorted(fees, key=lambda each: SEQUENCE.get(each.type, 9)):
        lines = [line for line in back if line in fee.lines]
        asked, amounts = _asked(fee, lines, back)
        of_lines = {}
        for line, amount in amounts.items():
            if amount:
                of_lines[line] = _keep(fee, amount, back[line].left)
        kept.append((asked, of_lines))
    return kept


def _asked(fee: SentFee, lines: list[int], back: dict[int, BackOfLine]) -> tuple[int, dict[int, int]]:
    if fee.of == "return":
        return fee.size, _borne_together(fee.size, lines, back)
    each = {line: _of_one_line(fee, back[line]) for line in lines}
    return sum(each.values()), {line: min(amount, back[line].left.gross) for line, amount in each.items()}


def _of_one_line(fee: SentFee, own: BackOfLine) -> int:
    if fee.of == "line":
        return fee.size
    if fee.of == "unit":
        return fee.size * own.count
    base = own.gross if fee.of == "gross" else max(0, own.net)
    whole, rest = divmod(Fraction(fee.size * base, 100), 1)
    return int(whole) + (rest >= Fraction(1, 2))


def _borne_together(amount: int, lines: list[int], back: dict[int, BackOfLine]) -> dict[int, int]:
    """By what each line gives back; what one cannot bear, the others do."""
    borne = dict.fromkeys(lines, 0)
    amount = min(amount, sum(back[line].left.gross for line in lines))
    while amount:
        with_room = [line for line in lines if back[line].left.gross > borne[line]]
        for line, share in zip(with_room, split(amount, [back[line].gross for line in with_room]), strict=True):
            more = min(share, back[line].left.gross - borne[line])
            borne[line] += more
            amount -= more
    return borne


def _keep(fee: SentFee, amount: int, left: Left) -> Left:
    taxes = in_taxes(amount, left.gross, left.taxes) if fee.tax == "as_line" else [0] * len(left.taxes)
    left.gross -= amount
    left.taxes = [own - tax for own, tax in zip(left.taxes, taxes, strict=True)]
    return Left(amount, taxes)
