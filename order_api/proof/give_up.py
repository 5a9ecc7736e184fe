"""What an act takes off the bill of goods and charges that departed: units, a price reduction, a charge, a tax (A1–A5).

Each function answers with one `Taken` per stored range, or raises MoreThanRemains. Nothing is taken twice, and all by
parts is exactly all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from order_api.proof.allocation import split_by_largest_remainder
from order_api.proof.remaining import NOTHING, Change, GivenBack, Parts, Range, Reduction, UnitsLeft, split_parts
from order_api.proof.worth import Charge, Line, UnitsOfLine, amounts_of_units


@dataclass
class MoreThanRemains(ValueError):
    """`remaining` is gross, in minor units; `free_units` those that can still be given back."""

    remaining: int
    free_units: int | None = None


@dataclass(frozen=True)
class Kept:
    """The stored worth of some units of a line, or of a whole charge (no units), that left with a parcel."""

    id: int
    shipment_id: UUID
    units: Range | None
    remaining: Parts


@dataclass(frozen=True)
class DepartedLine:
    """`kept` are lowest unit first, `changes` oldest first. `free` are departed units that carry no remedy (A3)."""

    line: Line
    charges: Sequence[Charge]
    kept: Sequence[Kept]
    changes: Sequence[Change]
    free: Sequence[Range]

    @property
    def remaining(self) -> Parts:
        return sum((kept.remaining for kept in self.kept), NOTHING)


@dataclass(frozen=True)
class DepartedCharge:
    charge: Charge
    kept: Kept

    @property
    def remaining(self) -> Parts:
        return self.kept.remaining


@dataclass(frozen=True)
class Taken:
    """What is taken of one stored range: of these of its units, or of the charge."""

    of: Kept
    units: Range | None
    parts: Parts


def take_units(departed: DepartedLine, units: Sequence[Range], *, tax_included: bool) -> list[Taken]:
    """All that these units have left. Units that gave back all before are left out."""
    gone = [each for change in departed.changes if isinstance(change, GivenBack) for each in change.ranges]
    asked = list(_without(units, gone))
    pieces = [(kept, common) for kept in departed.kept for common in _common(kept, asked)]
    if not any(isinstance(change, Reduction) for change in departed.changes):
        return [_worth_taken(departed, kept, piece, tax_included) for kept, piece in pieces]
    left = _units_left(departed, departed.changes, tax_included)
    return [Taken(kept, piece, left.of(piece)) for kept, piece in pieces]


def lowest_free(departed: DepartedLine, count: int) -> list[Range]:
    """The units to give back when a number is asked for. Raises MoreThanRemains."""
    free = sum(quantity for _, quantity in departed.free)
    if count > free:
        raise MoreThanRemains(departed.remaining.gross, free)
    chosen: list[Range] = []
    for first, quantity in departed.free:
        if count:
            chosen.append((first, min(quantity, count)))
            count -= chosen[-1][1]
    return chosen


def reduce_line(departed: DepartedLine, amount: int, *, tax_included: bool) -> list[Taken]:
    """A price reduction of this gross amount on all units of the line that departed."""
    parts = _split_checked(amount, departed.remaining)
    return _spread(departed, Reduction([_units(kept) for kept in departed.kept], parts), tax_included)


def reduce_charge(departed: DepartedCharge, amount: int | None) -> list[Taken]:
    """Takes this gross amount of a charge, or all that remains (None)."""
    remaining = departed.remaining
    if not remaining.gross:
        raise MoreThanRemains(0)
    return [Taken(departed.kept, None, _split_checked(remaining.gross if amount is None else amount, remaining))]


def reduce_order(
    lines: Sequence[DepartedLine], charges: Sequence[DepartedCharge], amount: int, *, tax_included: bool
) -> list[Taken]:
    """A price reduction split over lines and charges by what remains of them."""
    remaining = [*(line.remaining.gross for line in lines), *(charge.remaining.gross for charge in charges)]
    if amount > sum(remaining):
        raise MoreThanRemains(sum(remaining))
    shares = split_by_largest_remainder(amount, remaining)
    of_lines, of_charges = shares[: len(lines)], shares[len(lines) :]
    by_line = zip(lines, of_lines, strict=True)
    by_charge = zip(charges, of_charges, strict=True)
    taken = [reduce_line(line, share, tax_included=tax_included) for line, share in by_line if share]
    taken += [reduce_charge(charge, share) for charge, share in by_charge if share]
    return [part for parts in taken for part in parts]


def remove_tax(departed: DepartedLine | DepartedCharge, tax_id: UUID, most: int, *, tax_included: bool) -> list[Taken]:
    """Takes what remains of one tax, or `most` of it, and leaves the net. Never more than the gross that remains:
    reductions round gross and taxes apart, so that the net of what remains may be a little below zero."""
    amount = min(most, departed.remaining.taxes.get(tax_id, 0), departed.remaining.gross)
    if not amount:
        raise MoreThanRemains(0)
    parts = Parts(amount, {tax_id: amount})
    if isinstance(departed, DepartedCharge):
        return [Taken(departed.kept, None, parts)]
    return _spread(departed, Reduction([_units(kept) for kept in departed.kept], parts), tax_included)


def _split_checked(amount: int, remaining: Parts) -> Parts:
    if amount > remaining.gross:
        raise MoreThanRemains(remaining.gross)
    return split_parts(amount, remaining)


def _spread(departed: DepartedLine, reduction: Reduction, tax_included: bool) -> list[Taken]:
    """The reduction per stored range."""
    with_something = [kept for kept in departed.kept if kept.remaining.is_something]
    if len(with_something) == 1:
        return [Taken(with_something[0], with_something[0].units, reduction.taken)]
    left = _units_left(departed, departed.changes, tax_included)
    before = [left.of(_units(kept)) for kept in with_something]
    left.change(reduction)
    pairs = zip(with_something, before, strict=True)
    return [Taken(kept, kept.units, was - left.of(_units(kept))) for kept, was in pairs]


def _worth_taken(departed: DepartedLine, kept: Kept, piece: Range, tax_included: bool) -> Taken:
    """No reduction has taken any of it."""
    units, parts = UnitsOfLine(departed.line, *piece), [departed.line, *departed.charges]
    amounts = dict(amounts_of_units(units, parts, tax_included=tax_included))
    return Taken(kept, piece, Parts(amounts.pop(None), {id_: tax for id_, tax in amounts.items() if id_}))


def _units_left(departed: DepartedLine, changes: Iterable[Change], tax_included: bool) -> UnitsLeft:
    first = min(_units(kept)[0] for kept in departed.kept)
    end = max(sum(_units(kept)) for kept in departed.kept)
    return UnitsLeft(departed.line, departed.charges, (first, end - first), changes, included=tax_included)


def _units(kept: Kept) -> Range:
    if kept.units is None:
        raise ValueError("A charge has no units.")
    return kept.units


def _without(ranges: Iterable[Range], gone: Iterable[Range]) -> Sequence[Range]:
    """The units of the ranges that are in none of the others."""
    left = list(ranges)
    for first, quantity in gone:
        end = first + quantity
        below = [(begin, min(begin + count, first) - begin) for begin, count in left]
        above = [(max(begin, end), begin + count - max(begin, end)) for begin, count in left]
        left = [part for pair in zip(below, above, strict=True) for part in pair if part[1] > 0]
    return left


def _common(kept: Kept, ranges: Iterable[Range]) -> Iterator[Range]:
    begin, end = _units(kept)[0], sum(_units(kept))
    for first, quantity in ranges:
        low, high = max(first, begin), min(first + quantity, end)
        if low < high:
            yield low, high - low
