"""A second reckoning of the bill and the money: unit by unit, without ranges, and without any code of the service.

Tests compare the service's sums with it. Amounts are in minor units.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.factories.second_fees import BackOfLine, Kept, SentFee, keep_fees
from tests.factories.second_parts import Left, in_taxes, split


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
    left: list[Left] = field(default_factory=list)
    """Of each unit, with its share of the line's charges. Empty until a unit has left."""
    given_back: int = 0
    """The units that were given back, lowest first."""

    def __post_init__(self) -> None:
        self.fates = self.fates or ["open"] * self.quantity

    def begin(self, included: bool) -> None:
        """What every unit was worth."""
        taxes = [tax for part in (self.part, *self.charges) for tax in part.taxes]
        for number in range(1, self.quantity + 1):
            own = [_slice(tax, number, self.quantity) for tax in taxes]
            self.left.append(Left(self.unit(number, included), own))

    @property
    def departed(self) -> list[Left]:
        return [left for left, fate in zip(self.left, self.fates, strict=True) if fate not in ("open", "canceled")]

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
    """What is left of each parcel."""
    refunded: int = 0
    taken: int = 0
    """Less what fees keep of it."""
    departed_charges: list[tuple[Part, str, Left]] = field(default_factory=list)
    """Each with its parcel and what is left of it."""

    def __post_init__(self) -> None:
        for line in self.lines:
            line.begin(self.included)

    @property
    def placed(self) -> int:
        goods = sum(line.unit(n, self.included) for line in self.lines for n in range(1, line.quantity + 1))
        return goods + sum(charge.whole(self.included) for charge in self.whole_charges())

    def whole_charges(self) -> list[Part]:
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
        leaving = [c for group in sorted(self._departed_groups() - before[0]) for c in self.group_charges[group]]
        leaving += [] if before[1] else self.order_charges
        for charge in leaving:
            whole = charge.whole(self.included)
            worth += whole
            self.departed_charges.append((charge, parcel, Left(whole, list(charge.taxes))))
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
        return goods + sum(charge.whole(self.included) for charge in charges) - self.taken

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
        return self.due - sum(self.captured.values()) - sum(self.written_off.values()) + self.refunded

    @property
    def owed(self) -> int:
        """By the customer now; below zero, by us."""
        return self.outstanding - self.to_capture

    def unpaid(self, parcel: str) -> int:
        """What a capture may still take for the parcel. What a reduction elsewhere has ended, it ended of those that
        left first."""
        missing = {
            name: max(0, left - self.captured.get(name, 0) - self.written_off.get(name, 0))
            for name, left in self.parcels.items()
        }
        ended = max(0, sum(missing.values()) - max(0, self.owed))
        for name, amount in missing.items():
            missing[name] -= min(amount, ended)
            ended -= min(amount, ended)
        return missing[parcel]

    # What departed and is given back or gets cheaper.

    def free_units(self, line: int) -> int:
        return len(self.lines[line].departed) - self.lines[line].given_back

    def give_back(self, units: dict[int, int], fees: list[SentFee]) -> Kept:
        """The lowest units that were not given back, less fees. Returns what each fee keeps."""
        owed = max(0, self.owed)
        back = {line: self._units_back(line, count) for line, count in units.items()}
        kept = keep_fees(fees, back)
        amount = sum(own.left.gross for own in back.values())
        self.taken -= sum(own.gross - own.left.gross for own in back.values())
        self._pay_back(amount, owed)
        return kept

    def settled_units(self, line: int) -> int:
        """How many of the next units to be given back are of parcels that are paid or written off."""
        parcels = [fate for fate in self.lines[line].fates if fate not in ("open", "canceled")]
        unpaid = [bool(self.unpaid(parcel)) for parcel in parcels[self.lines[line].given_back :]]
        return unpaid.index(True) if True in unpaid else len(unpaid)

    def _units_back(self, line: int, count: int) -> BackOfLine:
        goods, sums = self.lines[line], Left(0, [])
        numbers = [n for n, fate in enumerate(goods.fates) if fate not in ("open", "canceled")][goods.given_back :]
        for number in numbers[:count]:
            left = goods.left[number]
            sums.gross += left.gross
            sums.taxes = [a + b for a, b in zip(sums.taxes or [0] * len(left.taxes), left.taxes, strict=True)]
            self._lower(goods.fates[number], left, left.gross, list(left.taxes))
        goods.given_back += count
        return BackOfLine(count, sums.gross, sums.gross - sum(sums.taxes), sums)

    def refund_charge(self, place: int, amount: int) -> None:
        _, parcel, left = self.departed_charges[place]
        self._take(parcel, left, amount, in_taxes(amount, left.gross, left.taxes))

    def left_of_line(self, line: int) -> int:
        return sum(left.gross for left in self.lines[line].departed)

    @property
    def left(self) -> int:
        """Of all lines and charges that departed."""
        lines = sum(self.left_of_line(line) for line in range(len(self.lines)))
        return lines + sum(left.gross for _, _, left in self.departed_charges)

    def reduce_line(self, line: int, amount: int) -> None:
        taxes = [sum(tax) for tax in zip(*(left.taxes for left in self.lines[line].departed), strict=True)]
        self._take_of_line(line, amount, in_taxes(amount, self.left_of_line(line), taxes))

    def _take_of_line(self, line: int, gross: int, taxes: list[int]) -> None:
        """The gross and each tax are split over the units apart."""
        goods = self.lines[line]
        parcels = [fate for fate in goods.fates if fate not in ("open", "canceled")]
        grosses = split(gross, [left.gross for left in goods.departed])
        by_tax = [split(tax, [left.taxes[place] for left in goods.departed]) for place, tax in enumerate(taxes)]
        for place, left in enumerate(goods.departed):
            self._take(parcels[place], left, grosses[place], [tax[place] for tax in by_tax])

    def reduce_order(self, amount: int) -> None:
        lines = [line for line in range(len(self.lines)) if self.lines[line].departed]
        weights = [self.left_of_line(line) for line in lines] + [left.gross for _, _, left in self._charges_as_sent()]
        shares = split(amount, weights)
        for line, share in zip(lines, shares, strict=False):
            if share:
                self.reduce_line(line, share)
        for (_, parcel, left), share in zip(self._charges_as_sent(), shares[len(lines) :], strict=True):
            if share:
                self._take(parcel, left, share, in_taxes(share, left.gross, left.taxes))

    def taxes_left(self) -> list[tuple[int, int]]:
        """Lines of which something is left, with the places of taxes of which something is left."""
        return [
            (number, place)
            for number, line in enumerate(self.lines)
            for place, tax in enumerate(zip(*(left.taxes for left in line.departed), strict=True))
            if sum(tax) and self.left_of_line(number)
        ]

    def remove_tax(self, line: int, place: int) -> None:
        left = self.lines[line].departed
        tax = min(sum(unit.taxes[place] for unit in left), self.left_of_line(line))
        self._take_of_line(line, tax, [tax if n == place else 0 for n in range(len(left[0].taxes))])

    def _charges_as_sent(self) -> list[tuple[Part, str, Left]]:
        sent = self.whole_charges()
        return sorted(self.departed_charges, key=lambda departed: [c is departed[0] for c in sent].index(True))

    def _take(self, parcel: str, left: Left, gross: int, taxes: list[int]) -> None:
        """Ends what is unpaid, then what was written off; the rest is refunded."""
        owed = max(0, self.owed)
        self._lower(parcel, left, gross, taxes)
        self._pay_back(gross, owed)

    def _lower(self, parcel: str, left: Left, gross: int, taxes: list[int]) -> None:
        left.gross -= gross
        left.taxes = [own - tax for own, tax in zip(left.taxes, taxes, strict=True)]
        self.parcels[parcel] -= gross
        self.taken += gross

    def _pay_back(self, amount: int, owed: int) -> None:
        rest = max(0, amount - owed)
        for name in self.written_off:
            reversed_ = min(rest, self.written_off[name])
            self.written_off[name] -= reversed_
            rest -= reversed_
        self.refunded += rest
