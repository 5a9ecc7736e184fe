"""The worth of a departing parcel: net and each tax separately, for its units and their charges."""

from collections import defaultdict
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
class Departing:
    """Units `first_unit` to `first_unit + quantity - 1` of a line."""

    line: Line
    first_unit: int
    quantity: int


@dataclass(frozen=True)
class Worth:
    """One amount of a parcel: the net (no `tax_id`) or one tax of some units of a line.

    With a `charge_id` it is the units' part of a charge of the line; without units, a whole charge of a ship group or
    of the order.
    """

    item_id: UUID | None
    charge_id: UUID | None
    tax_id: UUID | None
    first_unit: int | None
    quantity: int | None
    amount: int


def worth_of_parcel(
    parcel: Sequence[Departing], charges: Iterable[Charge], departed: Collection[UUID], *, tax_included: bool
) -> Iterator[Worth]:
    """The amounts sum to what is captured for the parcel (R4, R10), whether or not prices include taxes.

    Charges of a ship group leave with the group's first parcel, charges of the order with its first parcel. Those in
    `departed` have already left.
    """
    of_owner = defaultdict(list)
    for charge in charges:
        of_owner[charge.owner_id].append(charge)
    for units in parcel:
        for priced in (units.line, *of_owner[units.line.id]):
            yield from _worth_of_priced(units, priced, tax_included)
    for owner_id in dict.fromkeys([*(units.line.ship_group_id for units in parcel), None]):
        for charge in of_owner[owner_id]:
            if charge.id not in departed:
                yield from _worth_of_charge(charge, tax_included)


def _worth_of_priced(units: Departing, priced: Priced, tax_included: bool) -> Iterator[Worth]:
    line, first, count = units.line, units.first_unit, units.quantity
    charge_id = None if priced is line else priced.id
    amount, *taxes = (worth_of_units(a, line.quantity, first, count) for a in (priced.amount, *priced.taxes.values()))
    for tax_id, part in _net_and_taxes(amount, dict(zip(priced.taxes, taxes, strict=True)), tax_included):
        yield Worth(line.id, charge_id, tax_id, first, count, part)


def _worth_of_charge(charge: Charge, tax_included: bool) -> Iterator[Worth]:
    for tax_id, part in _net_and_taxes(charge.amount, charge.taxes, tax_included):
        yield Worth(None, charge.id, tax_id, None, None, part)


def _net_and_taxes(amount: int, taxes: Mapping[UUID, int], tax_included: bool) -> Iterator[tuple[UUID | None, int]]:
    """If the amount includes its taxes, the net is the amount minus the taxes."""
    yield None, amount - sum(taxes.values()) if tax_included else amount
    yield from taxes.items()
