"""A second reckoning of the bill and the money: unit by unit, without ranges, and without any code of the service.

Tests compare the service's sums with it. Amounts are in minor units.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Part:
    """A line or a charge: its amount after discounts and its taxes."""

    amount: int
    taxes: list[int]

    def whole(self, included: bool) -> int:
        return self.amount if included else self.amount + sum(self.taxes)

    def unit(self, number: int, quantity: int, included: bool) -> int:
        """The gross of one unit: each part is rounded by itself, so that all units sum to the whole."""
        own = _slice(self.amount, number, quantity)
        return own if included else own + sum(_slice(tax, number, quantity) for tax in self.taxes)


def _slice(total: int, number: int, quantity: int) -> int:
    return _up_to(total, number, quantity) - _up_to(total, number - 1, quantity)


def _up_to(total: int, number: int, quantity: int) -> int:
    """Rounded half up; no amount is below zero."""
    whole, rest = divmod(total * number, quantity)
    return whole + 1 if 2 * rest >= quantity else whole


@dataclass
class GoodsLine:
    part: Part
    quantity: int
    group: int
    charges: list[Part]
    fates: list[str] = field(default_factory=list)
    """Of each unit: open, canceled, or the name of its parcel."""

    def __post_init__(self) -> None:
        self.fates = self.fates or ["open"] * self.quantity

    def unit(self, number: int, included: bool) -> int:
        parts = (self.part, *self.charges)
        return sum(part.unit(number, self.quantity, included) for part in parts)


@dataclass
class SecondReckoning:
    lines: list[GoodsLine]
    group_charges: dict[int, list[Part]]
    order_charges: list[Part]
    included: bool
    captured: dict[str, int] = field(default_factory=dict)
    written_off: dict[str, int] = field(default_factory=dict)
    parcels: dict[str, int] = field(default_factory=dict)
    """What each parcel was worth when it left."""

    @property
    def placed(self) -> int:
        goods = sum(line.unit(n, self.included) for line in self.lines for n in range(1, line.quantity + 1))
        return goods + sum(charge.whole(self.included) for charge in self._whole_charges())

    def _whole_charges(self) -> list[Part]:
        return [*(charge for charges in self.group_charges.values() for charge in charges), *self.order_charges]

    def cancel(self, line: int, count: int) -> None:
        """The highest open units."""
        for number in self._open(line)[len(self._open(line)) - count :]:
            self.lines[line].fates[number - 1] = "canceled"

    def ship(self, parcel: str, units: dict[int, int]) -> None:
        """The lowest open units, with the charges that leave for the first time."""
        before = self._departed_groups(), self._any_departed()
        worth = 0
        for line, count in units.items():
            for number in self._open(line)[:count]:
                self.lines[line].fates[number - 1] = parcel
                worth += self.lines[line].unit(number, self.included)
        for group in self._departed_groups() - before[0]:
            worth += sum(charge.whole(self.included) for charge in self.group_charges[group])
        if not before[1]:
            worth += sum(charge.whole(self.included) for charge in self.order_charges)
        self.parcels[parcel] = worth

    def _open(self, line: int) -> list[int]:
        return [number for number, fate in enumerate(self.lines[line].fates, 1) if fate == "open"]

    def open_units(self, line: int) -> int:
        return len(self._open(line))

    def _departed_groups(self) -> set[int]:
        return {line.group for line in self.lines if set(line.fates) - {"open", "canceled"}}

    def _any_departed(self) -> bool:
        return bool(self._departed_groups())

    def _is_canceled(self, lines: list[GoodsLine]) -> bool:
        return all(fate == "canceled" for line in lines for fate in line.fates)

    def _worth_of_units(self, is_meant: Callable[[str], bool]) -> int:
        numbered = [(line, n, fate) for line in self.lines for n, fate in enumerate(line.fates, 1)]
        return sum(line.unit(n, self.included) for line, n, fate in numbered if is_meant(fate))

    @property
    def due(self) -> int:
        """What every unit and charge costs that was not canceled."""
        goods = sum(
            line.unit(n, self.included)
            for line in self.lines
            for n, fate in enumerate(line.fates, 1)
            if fate != "canceled"
        )
        groups = {
            group: charges
            for group, charges in self.group_charges.items()
            if not self._is_canceled([line for line in self.lines if line.group == group])
        }
        charges = [charge for charges in groups.values() for charge in charges]
        if not self._is_canceled(self.lines):
            charges += self.order_charges
        return goods + sum(charge.whole(self.included) for charge in charges)

    @property
    def to_capture(self) -> int:
        """What the open units cost, with the charges that will leave with them."""
        goods = self._worth_of_units(lambda fate: fate == "open")
        open_groups = {line.group for line in self.lines if "open" in line.fates}
        charges = [c for group in open_groups - self._departed_groups() for c in self.group_charges[group]]
        if open_groups and not self._any_departed():
            charges += self.order_charges
        return goods + sum(charge.whole(self.included) for charge in charges)

    @property
    def outstanding(self) -> int:
        return self.due - sum(self.captured.values()) - sum(self.written_off.values())

    def unpaid(self, parcel: str) -> int:
        return self.parcels[parcel] - self.captured.get(parcel, 0) - self.written_off.get(parcel, 0)
