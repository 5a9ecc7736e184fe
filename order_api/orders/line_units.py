"""Chooses the units of a line for a story. Works on ranges of units, so 100,000 units cost no more than one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from itertools import pairwise
from typing import Self

from order_api.orders.fates import MAY_FOLLOW, Cause, Fate


@dataclass(frozen=True)
class Units:
    """The units `first` to `last` of a line, which are numbered from 1."""

    first: int
    last: int

    @classmethod
    def counted(cls, first: int, count: int) -> Self:
        """The units from `first` on, as the tables store them."""
        return cls(first, first + count - 1)

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class LedgerEntry:
    """One entry of the ledger: these units got this fate."""

    units: Units
    fate: Fate
    cause: Cause


@dataclass(frozen=True)
class LineUnits:
    """The `quantity` units of a line and the ledger of their fates, oldest entry first.

    The present fate of a unit is that of the newest entry that holds it; a unit in no entry is open.
    """

    quantity: int
    ledger: Sequence[LedgerEntry] = ()

    def with_fate(self, *fates: Fate | None) -> list[Units]:
        """Units whose present fate is one of these, lowest first; None asks for open units."""
        return joined(units for units, entry in self._present if _fate(entry) in fates)

    def with_present(self, fate: Fate, cause: Cause) -> list[Units]:
        """Units whose newest entry has this fate and cause, for example those on their way in one parcel."""
        return joined(u for u, entry in self._present if entry and (entry.fate, entry.cause) == (fate, cause))

    def count(self, *fates: Fate | None) -> int:
        return sum(units.count for units in self.with_fate(*fates))

    def lowest_open(self, count: int) -> list[Units]:
        """The units to ship. Raises ValueError if fewer are open."""
        return lowest(self.with_fate(None), count)

    def highest_open(self, count: int) -> list[Units]:
        """The units to cancel. Raises ValueError if fewer are open."""
        return highest(self.with_fate(None), count)

    def after(self, units: Units, fate: Fate, cause: Cause) -> "LineUnits":
        """The line with one more entry. Raises ValueError if MAY_FOLLOW forbids it or the line has no such units."""
        if not 1 <= units.first <= units.last <= self.quantity:
            raise ValueError(f"The line has the units 1 to {self.quantity}, not {units.first} to {units.last}.")
        for held, entry in self._present:
            if held.first <= units.last and units.first <= held.last and fate not in MAY_FOLLOW[_fate(entry)]:
                message = f"Units {held.first} to {held.last} are {_fate(entry) or 'open'} and cannot be {fate}."
                raise ValueError(message)
        return LineUnits(self.quantity, [*self.ledger, LedgerEntry(units, fate, cause)])

    @cached_property
    def _present(self) -> list[tuple[Units, LedgerEntry | None]]:
        """All units from 1 to `quantity` with their newest entry. Run time depends on the ledger, not on `quantity`."""
        starting = defaultdict(list)
        for age, entry in enumerate(self.ledger):
            starting[entry.units.first].append((-age, entry))
        ends = {entry.units.last + 1 for entry in self.ledger}
        newest: list[tuple[int, LedgerEntry]] = []
        present = []
        for first, after in pairwise(sorted({1, self.quantity + 1, *starting, *ends})):
            for aged in starting[first]:
                heappush(newest, aged)
            while newest and newest[0][1].units.last < first:
                heappop(newest)
            present.append((Units(first, after - 1), newest[0][1] if newest else None))
        return present


def count_of(ranges: Iterable[Units]) -> int:
    return sum(units.count for units in ranges)


def lowest(ranges: Sequence[Units], count: int) -> list[Units]:
    """The `count` units with the lowest numbers. Raises ValueError if there are fewer."""
    _require(ranges, count)
    taken = []
    for units in ranges:
        if not count:
            break
        part = Units(units.first, min(units.last, units.first + count - 1))
        taken.append(part)
        count -= part.count
    return taken


def highest(ranges: Sequence[Units], count: int) -> list[Units]:
    """The `count` units with the highest numbers, which are canceled first. Raises ValueError if there are fewer."""
    _require(ranges, count)
    return without(ranges, lowest(ranges, count_of(ranges) - count))


def _require(ranges: Sequence[Units], count: int) -> None:
    if not 0 <= count <= count_of(ranges):
        raise ValueError(f"{count} units were requested, but {count_of(ranges)} are open.")


def common(ranges: Iterable[Units], others: Sequence[Units]) -> list[Units]:
    """The units in both, lowest first."""
    pairs = ((max(a.first, b.first), min(a.last, b.last)) for a in ranges for b in others)
    return joined(sorted((Units(first, last) for first, last in pairs if first <= last), key=lambda u: u.first))


def without(ranges: Iterable[Units], others: Iterable[Units]) -> list[Units]:
    """The units of `ranges` that are in none of the others."""
    left = list(ranges)
    for other in others:
        below = [Units(units.first, min(units.last, other.first - 1)) for units in left]
        above = [Units(max(units.first, other.last + 1), units.last) for units in left]
        parts = [part for pair in zip(below, above, strict=True) for part in pair]
        left = [part for part in parts if part.first <= part.last]
    return left


def _fate(entry: LedgerEntry | None) -> Fate | None:
    return None if entry is None else entry.fate


def joined(ranges: Iterable[Units]) -> list[Units]:
    """Merges adjacent ranges."""
    joined: list[Units] = []
    for units in ranges:
        is_next = bool(joined) and joined[-1].last + 1 == units.first
        joined.append(Units(joined.pop().first, units.last) if is_next else units)
    return joined
