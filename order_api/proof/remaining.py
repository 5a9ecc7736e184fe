"""What is left of the worth of units and charges that departed, after price reductions (A2, A4 in AFTER_SALE).

Amounts are gross and each tax, in minor units; the net is the rest. A change is stored for ranges of units. What one
unit has left is derived: its worth (R4) less its part of each reduction, in their order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from order_api.proof.allocation import split_by_largest_remainder, worth_by_unit
from order_api.proof.worth import Charge, Line

Range = tuple[int, int]
"""First unit and quantity."""
ByPart = dict[UUID | None, list[int]]
"""Of each unit, its amount of a tax; None is the gross."""


@dataclass(frozen=True)
class Parts:
    """A gross amount and the taxes within it."""

    gross: int
    taxes: Mapping[UUID, int]

    @property
    def net(self) -> int:
        return self.gross - sum(self.taxes.values())

    @property
    def is_something(self) -> bool:
        """A tax may be left of units whose gross is gone, because both are rounded apart."""
        return bool(self.gross or any(self.taxes.values()))

    def __add__(self, other: "Parts") -> "Parts":
        ids = dict.fromkeys([*self.taxes, *other.taxes])
        taxes = {tax_id: self.taxes.get(tax_id, 0) + other.taxes.get(tax_id, 0) for tax_id in ids}
        return Parts(self.gross + other.gross, taxes)

    def __sub__(self, other: "Parts") -> "Parts":
        return self + Parts(-other.gross, {tax_id: -amount for tax_id, amount in other.taxes.items()})


NOTHING = Parts(0, {})


@dataclass(frozen=True)
class Reduction:
    """What one act took of the price of some units of a line."""

    ranges: Sequence[Range]
    taken: Parts


@dataclass(frozen=True)
class GivenBack:
    """Units that gave back all they had left."""

    ranges: Sequence[Range]


Change = Reduction | GivenBack


def split_parts(amount: int, left: Parts) -> Parts:
    """Splits a gross amount into net and taxes by what is left of them; ties go to the net, then to the earlier tax.

    A negative part weighs nothing. What takes all takes each part exactly.
    """
    if amount == left.gross:
        return left
    _, *taxes = split_by_largest_remainder(amount, [max(0, part) for part in (left.net, *left.taxes.values())])
    return Parts(amount, dict(zip(left.taxes, taxes, strict=True)))


class UnitsLeft:
    """What each of the units `first` to `first + quantity - 1` of a line has left, with its share of the charges."""

    def __init__(
        self, line: Line, charges: Iterable[Charge], units: Range, changes: Iterable[Change], *, included: bool
    ) -> None:
        self.first, count = units
        parts = [line, *charges]
        self.left: ByPart = {
            tax_id: worth_by_unit(total, line.quantity, self.first, count)
            for part in parts
            for tax_id, total in part.taxes.items()
        }
        amounts = [worth_by_unit(part.amount, line.quantity, self.first, count) for part in parts]
        added = [] if included else list(self.left.values())
        self.left[None] = [sum(unit) for unit in zip(*amounts, *added, strict=True)]
        for change in changes:
            self.change(change)

    def change(self, change: Change) -> None:
        if isinstance(change, Reduction):
            self._reduce(change)
        else:
            self._empty(change)

    def _empty(self, change: GivenBack) -> None:
        for first, count in change.ranges:
            for amounts in self.left.values():
                amounts[first - self.first : first - self.first + count] = [0] * count

    def _reduce(self, reduction: Reduction) -> None:
        """Splits each part over the units by what they have left of it; ties go to the lower unit."""
        starts = ((first - self.first, count) for first, count in reduction.ranges)
        numbers = [number for start, count in starts for number in range(start, start + count)]
        shares: ByPart = {id_: self._split(id_, amount, numbers) for id_, amount in reduction.taken.taxes.items()}
        shares[None] = self._split(None, reduction.taken.gross, numbers)
        for part, taken in shares.items():
            left = self.left[part]
            for number, amount in zip(numbers, taken, strict=True):
                left[number] -= amount

    def _split(self, part: UUID | None, amount: int, numbers: Sequence[int]) -> list[int]:
        return split_by_largest_remainder(amount, [self.left[part][number] for number in numbers])

    def of(self, units: Range) -> Parts:
        """What these units have left together."""
        begin, end = units[0] - self.first, units[0] - self.first + units[1]
        sums = {part: sum(amounts[begin:end]) for part, amounts in self.left.items()}
        return Parts(sums.pop(None), {tax_id: amount for tax_id, amount in sums.items() if tax_id is not None})
