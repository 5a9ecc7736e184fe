"""What fees keep of what a return gives back (A6): which fee first, its size, its tax, and how far it fits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from order_api.core.money import round_half_up
from order_api.proof.allocation import split_by_largest_remainder
from order_api.proof.remaining import Parts, split_parts

FIRST = ("late", "restocking", "wear", "label")
"""The types of fees that are taken first, in this order; others follow as the table lists them."""


class Per(StrEnum):
    RETURN = "return"
    LINE = "line"
    UNIT = "unit"


class FeeTax(StrEnum):
    """How a fee is taxed, which differs by law."""

    AS_LINE = "as_line"
    """It keeps net and taxes in proportion to what its line still gives back."""
    NONE = "none"
    """An untaxed service: it keeps of the net, and the whole tax goes back."""
    RATE = "rate"
    """A service with a tax of its own, which the fee includes."""


@dataclass(frozen=True)
class Percent:
    """Of what the units of a line give back in this act, with taxes or (`of_net`) without. 15 % is 0.15."""

    share: Decimal
    of_net: bool = False


@dataclass(frozen=True)
class Fixed:
    """A gross amount in minor units."""

    amount: int
    per: Per


@dataclass(frozen=True)
class Fee:
    """A fee on some lines of a return. `rate` is that of a fee with a tax of its own: 8 % is 0.08."""

    type: str
    size: Percent | Fixed
    lines: Collection[UUID]
    tax: FeeTax = FeeTax.AS_LINE
    rate: Decimal = Decimal(0)


@dataclass(frozen=True)
class LineBack:
    """What some units of a line give back in one act, with their part of the line's charges."""

    item_id: UUID
    units: int
    parts: Parts


@dataclass(frozen=True)
class FeeOfLine:
    """What a fee keeps of a line, and within its gross the tax of a service of its own."""

    item_id: UUID
    parts: Parts
    own_tax: int = 0


@dataclass(frozen=True)
class TakenFee:
    """`asked` is what the fee would be if the lines gave back enough; what finds no room is not owed."""

    fee: Fee
    asked: int
    of_lines: Sequence[FeeOfLine]

    @property
    def amount(self) -> int:
        return sum(each.parts.gross for each in self.of_lines)


def take_fees(given_back: Sequence[LineBack], fees: Sequence[Fee]) -> list[TakenFee]:
    """No fee takes more than its lines still give back after the fees before it. A fee that takes nothing is kept in
    the answer, because it was asked for. The caller leaves out fees at the seller's fault."""
    left = {line.item_id: line.parts for line in given_back}
    taken = []
    for fee in sorted(fees, key=_rank):
        lines = [line for line in given_back if line.item_id in fee.lines]
        asked, amounts = _sizes(fee, lines, left)
        of_lines = [_of_line(fee, id_, amount, left[id_]) for id_, amount in amounts.items() if amount]
        left |= {each.item_id: left[each.item_id] - each.parts for each in of_lines}
        taken.append(TakenFee(fee, asked, of_lines))
    return taken


def _rank(fee: Fee) -> int:
    return FIRST.index(fee.type) if fee.type in FIRST else len(FIRST)


def _sizes(fee: Fee, lines: Sequence[LineBack], left: Mapping[UUID, Parts]) -> tuple[int, dict[UUID, int]]:
    """What is asked in all, and what each line bears."""
    room = [left[line.item_id].gross for line in lines]
    if isinstance(fee.size, Fixed) and fee.size.per == Per.RETURN:
        asked = fee.size.amount
        weights = [line.parts.gross for line in lines]
        borne = split_by_largest_remainder(min(asked, sum(room)), weights, room)
    else:
        of_each = [_of_units(fee.size, line) for line in lines]
        asked = sum(of_each)
        borne = [min(amount, space) for amount, space in zip(of_each, room, strict=True)]
    return asked, {line.item_id: amount for line, amount in zip(lines, borne, strict=True)}


def _of_units(size: Percent | Fixed, line: LineBack) -> int:
    if isinstance(size, Percent):
        # Reductions round gross and taxes apart, so that a net may be a little below zero.
        return round_half_up(Fraction(size.share) * max(0, line.parts.net if size.of_net else line.parts.gross))
    return size.amount * (line.units if size.per == Per.UNIT else 1)


def _of_line(fee: Fee, item_id: UUID, amount: int, left: Parts) -> FeeOfLine:
    if fee.tax == FeeTax.AS_LINE:
        return FeeOfLine(item_id, split_parts(amount, left))
    untaxed = Parts(amount, dict.fromkeys(left.taxes, 0))
    rate = Fraction(fee.rate) if fee.tax == FeeTax.RATE else Fraction(0)
    return FeeOfLine(item_id, untaxed, round_half_up(amount * rate / (1 + rate)))
