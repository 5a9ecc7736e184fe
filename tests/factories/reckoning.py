"""An order as the service's arithmetic sees it, without a database: ranges, adjustments, kept worth, two ledgers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby
from uuid import UUID, uuid4

from order_api.orders.models import Order
from order_api.proof.bill import Balance, Bill, Departed, Money, balance_of
from order_api.proof.fees import Fee, LineBack, TakenFee, take_fees
from order_api.proof.give_up import (
    DepartedCharge,
    DepartedLine,
    Kept,
    Taken,
    lowest_free,
    reduce_charge,
    reduce_line,
    reduce_order,
    remove_tax,
    take_units,
)
from order_api.proof.pay_back import Captured
from order_api.proof.refund import Settlement, settle
from order_api.proof.remaining import NOTHING, Change, GivenBack, Parts, Reduction
from order_api.proof.worth import Charge, Line, UnitsOfLine, Worth, gross_of, worth_of_canceled, worth_of_parcel


class Reckoning:
    """`adjusted` holds what acts took of units and charges that had not departed, `taken` what they took of others."""

    def __init__(self, placed: Order) -> None:
        self.included, self.placed = placed.tax_included, placed.grand_total
        taxes: dict[UUID | None, dict[UUID, int]] = defaultdict(dict)
        for tax in placed.taxes:
            taxes[tax.item_id or tax.charge_id][uuid4()] = tax.amount
        self.lines = [
            Line(item.id, item.amount_after_discounts, taxes[item.id], item.quantity, item.ship_group_id)
            for item in placed.items
        ]
        self.charges = [
            Charge(row.id, row.amount_after_discounts, taxes[row.id], row.item_id or row.ship_group_id)
            for row in placed.charges
        ]
        self.groups = {group.id for group in placed.ship_groups}
        self.canceled = [0] * len(self.lines)
        self.shipped = [0] * len(self.lines)
        self.given_back = [0] * len(self.lines)
        self.adjusted: list[Worth] = []
        self.taken: list[Taken] = []
        self.fees: list[TakenFee] = []
        self.kept: dict[UUID | None, list[Kept]] = defaultdict(list)
        """Of each line, and of each whole charge."""
        self.worth: Counter[UUID] = Counter()
        """Of each parcel, when it left."""
        self.changes: dict[UUID, list[Change]] = defaultdict(list)
        self.captures: list[Captured] = []
        self.written_off: Counter[UUID | None] = Counter()

    # What is there.

    def open_units(self, line: int) -> int:
        return self.lines[line].quantity - self.canceled[line] - self.shipped[line]

    @property
    def departed_lines(self) -> list[DepartedLine]:
        return [self._departed(number) for number, line in enumerate(self.lines) if self.kept[line.id]]

    @property
    def departed_charges(self) -> list[DepartedCharge]:
        return [DepartedCharge(charge, kept) for charge in self.charges for kept in self.kept[charge.id]]

    def _departed(self, number: int) -> DepartedLine:
        line, back = self.lines[number], self.given_back[number]
        charges = [charge for charge in self.charges if charge.owner_id == line.id]
        free = [(back + 1, self.shipped[number] - back)] if self.shipped[number] > back else []
        return DepartedLine(line, charges, self.kept[line.id], self.changes[line.id], free)

    def balance(self) -> Balance:
        before = -gross_of(self.adjusted)
        taken: Counter[UUID] = Counter()
        for part in self.taken:
            taken[part.of.shipment_id] += part.parts.gross
        parcels = {id_: Departed(worth, worth - taken[id_]) for id_, worth in self.worth.items()}
        captured: Counter[UUID | None] = Counter()
        for row in self.captures:
            captured[row.shipment_id] += row.amount
        adjusted = before - taken.total() + sum(fee.amount for fee in self.fees)
        bill = Bill(self.placed, adjusted, before, parcels)
        return balance_of(bill, Money(captured, self.written_off, sum(row.given_back for row in self.captures)))

    # The acts.

    def cancel(self, line: int, count: int) -> None:
        first = self.lines[line].quantity - self.canceled[line] - count + 1
        units = [UnitsOfLine(self.lines[line], first, count)]
        self.canceled[line] += count
        in_use = {own.ship_group_id for n, own in enumerate(self.lines) if self.open_units(n) or self.shipped[n]}
        groups = self.groups - in_use
        emptied = {*groups} if in_use else {*groups, None}
        self.adjusted += worth_of_canceled(units, self.charges, emptied, tax_included=self.included)

    def ship(self, parcel: UUID, units: Mapping[int, int]) -> None:
        leaving = [UnitsOfLine(self.lines[n], self.shipped[n] + 1, count) for n, count in units.items()]
        departed = {charge.id for charge in self.charges if self.kept[charge.id]}
        self.worth[parcel] = 0
        worth = worth_of_parcel(leaving, self.charges, departed, tax_included=self.included)
        for kept_of, kept in _kept(parcel, worth):
            self.kept[kept_of].append(kept)
            self.worth[parcel] += kept.remaining.gross
        for n, number in units.items():
            self.shipped[n] += number

    def capture(self, parcel: UUID | None, amount: int, tender: UUID) -> None:
        self.captures.append(Captured(uuid4(), tender, parcel, amount))

    def write_off(self, parcel: UUID, amount: int) -> None:
        self.written_off[parcel] += amount

    def give_up(
        self,
        tenders: Sequence[UUID],
        *,
        units: Mapping[int, int] | None = None,
        charges: Iterable[tuple[int, int | None]] = (),
        fees: Sequence[Fee] = (),
        with_excess: bool = False,
    ) -> tuple[list[Taken], Settlement]:
        """Units of lines, and amounts of charges (None: what remains), less fees."""
        chosen = {n: lowest_free(self._departed(n), count) for n, count in (units or {}).items()}
        parts = [
            part
            for n, ranges in chosen.items()
            for part in take_units(self._departed(n), ranges, tax_included=self.included)
        ]
        for number, amount in charges:
            [departed] = [each for each in self.departed_charges if each.charge is self.charges[number]]
            parts += reduce_charge(departed, amount)
        for n, ranges in chosen.items():
            self.changes[self.lines[n].id].append(GivenBack(ranges))
            self.given_back[n] += sum(quantity for _, quantity in ranges)
        taken = take_fees(list(self._lines_back(parts)), fees)
        return parts, self._book(parts, tenders, taken, with_excess=with_excess)

    def reduce(self, amount: int, tenders: Sequence[UUID], line: int | None = None) -> tuple[list[Taken], Settlement]:
        """The price of a line, or of the order."""
        if line is None:
            lines, charges = self.departed_lines, self.departed_charges
            parts = reduce_order(lines, charges, amount, tax_included=self.included)
        else:
            parts = reduce_line(self._departed(line), amount, tax_included=self.included)
        self._remember(parts)
        return parts, self._book(parts, tenders)

    def remove_tax(self, line: int, tax: int, tenders: Sequence[UUID]) -> tuple[list[Taken], Settlement]:
        departed = self._departed(line)
        tax_id = list(departed.remaining.taxes)[tax]
        parts = remove_tax(departed, tax_id, departed.remaining.taxes[tax_id], tax_included=self.included)
        self._remember(parts)
        return parts, self._book(parts, tenders)

    def fail(self, capture: UUID, amount: int) -> None:
        """A refund of this amount that the bank sends back: it is owed again."""
        self.captures = [
            replace(row, given_back=row.given_back - amount) if row.id == capture else row for row in self.captures
        ]

    def _remember(self, parts: Sequence[Taken]) -> None:
        for line in self.lines:
            own = {kept.id for kept in self.kept[line.id]}
            of_line = [part for part in parts if part.of.id in own]
            if of_line:
                ranges = [part.units for part in of_line if part.units]
                taken = sum((part.parts for part in of_line), NOTHING)
                self.changes[line.id].append(Reduction(ranges, taken))

    def _lines_back(self, parts: Sequence[Taken]) -> Iterator[LineBack]:
        for line in self.lines:
            own = {kept.id for kept in self.kept[line.id]}
            of_line = [part for part in parts if part.of.id in own]
            count = sum(part.units[1] for part in of_line if part.units)
            if of_line:
                yield LineBack(line.id, count, sum((part.parts for part in of_line), NOTHING))

    def _book(
        self,
        parts: Sequence[Taken],
        tenders: Sequence[UUID],
        fees: Sequence[TakenFee] = (),
        *,
        with_excess: bool = False,
    ) -> Settlement:
        excess = self.placed * 9 * with_excess
        settlement = settle(parts, self.balance(), self.captures, tenders, fees=fees, excess=excess)
        self.taken += parts
        self.fees += fees
        for owner, rows in self.kept.items():
            self.kept[owner] = [_lowered(kept, parts) for kept in rows]
        left = settlement.ends_written_off
        for parcel, amount in self.written_off.items():
            self.written_off[parcel] = amount - min(left, amount)
            left -= min(left, amount)
        back = settlement.rows
        self.captures = [replace(row, given_back=row.given_back + back.get(row.id, 0)) for row in self.captures]
        return settlement


_ids = count(1)


def _kept(parcel: UUID, worth: Iterable[Worth]) -> Iterator[tuple[UUID | None, Kept]]:
    """The gross of units or a charge, followed by its taxes, as one."""
    for (owner, _), rows in groupby(worth, lambda part: (part.item_id or part.charge_id, part.first_unit)):
        gross, *taxes = rows
        units = (gross.first_unit, gross.quantity) if gross.first_unit and gross.quantity else None
        parts = Parts(gross.amount, {part.tax_id: part.amount for part in taxes if part.tax_id})
        yield owner, Kept(next(_ids), parcel, units, parts)


def _lowered(kept: Kept, taken: Sequence[Taken]) -> Kept:
    """Raises AssertionError for less than nothing, as the database would."""
    left = kept.remaining
    for parts in (part.parts for part in taken if part.of.id == kept.id):
        taxes = {tax_id: amount - parts.taxes.get(tax_id, 0) for tax_id, amount in left.taxes.items()}
        left = Parts(left.gross - parts.gross, taxes)
    assert min([left.gross, *left.taxes.values()]) >= 0
    return replace(kept, remaining=left)
