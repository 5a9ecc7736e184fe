"""Splits a line into neighboring units of which the same is true: fate, parcel, remedy, asked back or not."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar
from uuid import UUID

from order_api.orders.fates import Fate
from order_api.orders.line_units import LineUnits, Units
from order_api.orders.models import OrderItem
from order_api.proof.give_up import DepartedLine, Kept

T = TypeVar("T")


@dataclass(frozen=True)
class SameUnits:
    """`is_cancelable`: open, and not asked back from a warehouse. `is_free`: shipped, and without a remedy. `held_by`
    is the number of a refund that waits and takes them. `shipment_id` is that with which they left first."""

    item: OrderItem
    units: Units
    fate: Fate | None
    is_cancelable: bool
    is_free: bool
    held_by: str | None
    shipment_id: UUID | None


def same_units(
    item: OrderItem,
    line: LineUnits,
    cancelable: Sequence[Units],
    departed: DepartedLine | None,
    held: Sequence[tuple[Units, str]],
) -> list[SameUnits]:
    """All units of the line, lowest first; `held` are those that refunds which wait would take, with their numbers. Run
    time depends on the number of ranges, not of units."""
    fates = _Known((units, fate) for fate in Fate for units in line.with_fate(fate))
    parcels = _Known((Units.counted(*kept.units), kept.shipment_id) for kept in _kept(departed) if kept.units)
    free = _Known((Units.counted(*units), True) for units in (departed.free if departed else ()))
    open_, refunds = _Known((units, True) for units in cancelable), _Known(held)
    borders = {1, item.quantity + 1, *fates, *parcels, *free, *open_, *refunds}
    return [
        SameUnits(
            item=item,
            units=Units(first, after - 1),
            fate=fates.at(first),
            is_cancelable=bool(open_.at(first)),
            is_free=bool(free.at(first)),
            held_by=refunds.at(first),
            shipment_id=parcels.at(first),
        )
        for first, after in pairwise(sorted(borders))
    ]


def _kept(departed: DepartedLine | None) -> Sequence[Kept]:
    return departed.kept if departed else ()


class _Known(Generic[T]):
    """What is known of some ranges of units, which do not overlap."""

    def __init__(self, known: Iterable[tuple[Units, T]]) -> None:
        self.known = sorted(known, key=lambda pair: pair[0].first)

    def __iter__(self) -> Iterator[int]:
        """The units with which a range begins, and those that follow one."""
        return (border for units, _ in self.known for border in (units.first, units.last + 1))

    def at(self, number: int) -> T | None:
        at = bisect_right(self.known, number, key=lambda pair: pair[0].first) - 1
        return self.known[at][1] if at >= 0 and self.known[at][0].last >= number else None
