"""The worth of units and charges, gross and each tax: of a parcel that leaves or of units that are canceled."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from order_api.proof.allocation import worth_of_units


@dataclass(frozen=True)
class Priced:
    """`amount` is after discounts; `taxes` maps tax ids to amounts. All are in minor units."""

    id: UUID
    amount: int
    taxes: Mapping[UUID, int]


@dataclass(frozen=True)
class Line(Priced):
    quantity: int
    ship_group_id: UUID


@dataclass(frozen=True)
class Charge(Priced):
    """`owner_id` is the line or ship group that the charge belongs to; None is the order itself."""

    owner_id: UUID | None


@dataclass(frozen=True)
class UnitsOfLine:
    """Units `first_unit` to `first_unit + quantity - 1` of a line."""

    line: Line
    first_unit: int
    quantity: int


@dataclass(frozen=True)
class Worth:
    """One amount: the gross (no `tax_id`) of some units of a line with their part of the line's charges, or one tax
    within it. The net is the rest. With a `charge_id`, it is of a whole charge of a ship group or of the order.
    """

    item_id: UUID | None
    charge_id: UUID | None
    tax_id: UUID | None
    first_unit: int | None
    quantity: int | None
    amount: int


def worth_of_parcel(
    parcel: Sequence[UnitsOfLine], charges: Iterable[Charge], departed: Collection[UUID], *, tax_included: bool
) -> Iterator[Worth]:
    """What is captured for the parcel (R4, R10).

    Charges of a ship group leave with the group's first parcel, charges of the order with its first parcel. Those in
    `departed` have already left.
    """
    groups = {None, *(units.line.ship_group_id for units in parcel)}
    leaving = [charge for charge in charges if charge.owner_id not in groups or charge.id not in departed]
    return _worth(parcel, leaving, groups, tax_included)


def worth_of_canceled(
    canceled: Sequence[UnitsOfLine], charges: Iterable[Charge], emptied: Collection[UUID | None], *, tax_included: bool
) -> Iterator[Worth]:
    """What a cancellation takes off the bill (R4, A5).

    `emptied` are the ship groups, and None for the order, of which no unit is open any more and none has departed:
    their charges go with the last unit.
    """
    return _worth(canceled, charges, emptied, tax_included)


def gross_of(worth: Iterable[Worth]) -> int:
    return gross_by_item(worth).total()


def gross_by_item(worth: Iterable[Worth]) -> Counter[UUID | None]:
    """By line with its own charges; None are the charges of ship groups and of the order."""
    amounts: Counter[UUID | None] = Counter()
    for part in worth:
        if part.tax_id is None:
            amounts[part.item_id] += part.amount
    return amounts


def amounts_of_units(
    units: UnitsOfLine, parts: Sequence[Priced], *, tax_included: bool
) -> Iterator[tuple[UUID | None, int]]:
    """The gross (None) and each tax of the units of a line; `parts` are the line and its charges, which are rounded
    apart, and so is each tax (R4)."""
    of_line = units.line.quantity, units.first_unit, units.quantity
    amount = sum(worth_of_units(part.amount, *of_line) for part in parts)
    taxes = {id_: worth_of_units(total, *of_line) for part in parts for id_, total in part.taxes.items()}
    return _gross_and_taxes(amount, taxes, tax_included)


def _worth(
    units_of_lines: Sequence[UnitsOfLine],
    charges: Iterable[Charge],
    whole_of: Collection[UUID | None],
    tax_included: bool,
) -> Iterator[Worth]:
    """The units with their part of their lines' charges, then the whole charges of these owners."""
    of_owner = defaultdict(list)
    for charge in charges:
        of_owner[charge.owner_id].append(charge)
    for units in units_of_lines:
        yield from _worth_of_units(units, [units.line, *of_owner[units.line.id]], tax_included)
    for owner_id in dict.fromkeys([*(units.line.ship_group_id for units in units_of_lines), None]):
        for charge in of_owner[owner_id] if owner_id in whole_of else ():
            yield from _worth_of_charge(charge, tax_included)


def _worth_of_units(units: UnitsOfLine, parts: Sequence[Priced], tax_included: bool) -> Iterator[Worth]:
    for tax_id, amount in amounts_of_units(units, parts, tax_included=tax_included):
        yield Worth(units.line.id, None, tax_id, units.first_unit, units.quantity, amount)


def _worth_of_charge(charge: Charge, tax_included: bool) -> Iterator[Worth]:
    for tax_id, part in _gross_and_taxes(charge.amount, charge.taxes, tax_included):
        yield Worth(None, charge.id, tax_id, None, None, part)


def _gross_and_taxes(amount: int, taxes: Mapping[UUID, int], tax_included: bool) -> Iterator[tuple[UUID | None, int]]:
    yield None, amount if tax_included else amount + sum(taxes.values())
    yield from taxes.items()
