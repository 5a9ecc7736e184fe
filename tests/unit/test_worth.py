"""The worth of units and charges: gross and each tax within it, for every line and charge (R4, R10, A5)."""

from collections.abc import Sequence
from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.proof.worth import Charge, Line, Priced, UnitsOfLine, Worth, gross_of, worth_of_canceled, worth_of_parcel

MUG, PEN, HOME, OFFICE = (uuid4() for _ in range(4))
STATE, COUNTY, WRAP, WRAP_TAX, SHIPPING, SHIPPING_TAX, FEE = (uuid4() for _ in range(7))

MUGS = Line(MUG, 10_00, {STATE: 80, COUNTY: 10}, 3, HOME)
PENS = Line(PEN, 5_00, {}, 2, OFFICE)


NOTHING: frozenset[UUID] = frozenset()


def worth(
    *parcel: UnitsOfLine, charges: Sequence[Charge] = (), departed: frozenset[UUID] = NOTHING, included: bool = False
) -> list[Worth]:
    return list(worth_of_parcel(parcel, charges, departed, tax_included=included))


def amounts(stored: list[Worth]) -> dict[tuple[UUID | None, UUID | None, UUID | None], int]:
    """Amounts by item, charge and tax."""
    return {(w.item_id, w.charge_id, w.tax_id): w.amount for w in stored}


def test_the_gross_of_units_and_each_tax_within_it_are_kept_apart() -> None:
    assert worth(UnitsOfLine(MUGS, 2, 1)) == [
        Worth(MUG, None, None, 2, 1, 3_64),
        Worth(MUG, None, STATE, 2, 1, 26),
        Worth(MUG, None, COUNTY, 2, 1, 4),
    ]


def test_where_prices_include_the_taxes_the_gross_is_the_price() -> None:
    assert amounts(worth(UnitsOfLine(MUGS, 2, 1), included=True)) == {
        (MUG, None, None): 3_34,
        (MUG, None, STATE): 26,
        (MUG, None, COUNTY): 4,
    }


def test_units_take_their_part_of_the_charges_of_their_line() -> None:
    wrap = Charge(WRAP, 1_01, {WRAP_TAX: 8}, MUG)

    assert worth(UnitsOfLine(MUGS, 1, 2), charges=[wrap]) == [
        Worth(MUG, None, None, 1, 2, 7_27 + 72),
        Worth(MUG, None, STATE, 1, 2, 53),
        Worth(MUG, None, COUNTY, 1, 2, 7),
        Worth(MUG, None, WRAP_TAX, 1, 2, 5),
    ]


def test_a_charge_of_a_line_leaves_with_every_parcel_of_its_units() -> None:
    wrap = Charge(WRAP, 1_01, {}, MUG)

    parcels = [worth(UnitsOfLine(MUGS, n, 1), charges=[wrap], departed=frozenset({WRAP})) for n in (1, 2, 3)]

    assert [amounts(stored)[MUG, None, None] for stored in parcels] == [3_63 + 34, 3_64 + 33, 3_63 + 34]


@pytest.mark.parametrize(("included", "gross"), [(False, 5_40), (True, 5_00)])
def test_a_charge_of_a_ship_group_leaves_whole_and_once(included: bool, gross: int) -> None:
    shipping = Charge(SHIPPING, 5_00, {SHIPPING_TAX: 40}, HOME)

    first = worth(UnitsOfLine(MUGS, 1, 1), charges=[shipping], included=included)
    second = worth(UnitsOfLine(MUGS, 2, 2), charges=[shipping], departed=frozenset({SHIPPING}), included=included)

    assert first[3:] == [
        Worth(None, SHIPPING, None, None, None, gross),
        Worth(None, SHIPPING, SHIPPING_TAX, None, None, 40),
    ]
    assert second[3:] == []


def test_a_charge_leaves_with_the_first_parcel_of_its_own_group() -> None:
    charges = [Charge(SHIPPING, 5_00, {}, OFFICE), Charge(FEE, 1_00, {}, None)]

    mugs = amounts(worth(UnitsOfLine(MUGS, 1, 1), charges=charges))
    pens = amounts(worth(UnitsOfLine(PENS, 1, 1), charges=charges, departed=frozenset({FEE})))

    assert (mugs.get((None, SHIPPING, None)), mugs.get((None, FEE, None))) == (None, 1_00)
    assert (pens.get((None, SHIPPING, None)), pens.get((None, FEE, None))) == (5_00, None)


def test_two_lines_of_a_group_take_its_charge_once() -> None:
    more = Line(uuid4(), 1_00, {}, 1, HOME)

    stored = worth(UnitsOfLine(MUGS, 1, 3), UnitsOfLine(more, 1, 1), charges=[Charge(SHIPPING, 5_00, {}, HOME)])

    assert [w.amount for w in stored if w.charge_id == SHIPPING] == [5_00]


def test_a_parcel_of_several_ranges_of_a_line_keeps_each() -> None:
    stored = worth(UnitsOfLine(PENS, 1, 1), UnitsOfLine(PENS, 2, 1))

    assert stored == [Worth(PEN, None, None, 1, 1, 2_50), Worth(PEN, None, None, 2, 1, 2_50)]


def test_ship_one_cancel_one_ship_one_of_three_for_10_is_worth_units_1_and_2() -> None:
    pens = Line(PEN, 10_00, {}, 3, HOME)

    assert [w.amount for unit in (1, 2) for w in worth(UnitsOfLine(pens, unit, 1))] == [3_33, 3_34]


def canceled(*units: UnitsOfLine, emptied: frozenset[UUID | None] = frozenset()) -> dict[UUID | None, int]:
    """What each charge of a ship group or the order, and None for the units with their own charges, loses."""
    charges = [
        Charge(WRAP, 1_01, {}, MUG),
        Charge(SHIPPING, 5_00, {SHIPPING_TAX: 40}, HOME),
        Charge(FEE, 1_00, {}, None),
    ]
    lost: dict[UUID | None, int] = {}
    for part in worth_of_canceled(units, charges, emptied, tax_included=False):
        if part.tax_id is None:
            lost[part.charge_id] = lost.get(part.charge_id, 0) + part.amount
    return lost


def test_canceled_units_take_their_worth_and_their_part_of_the_charges_of_their_line() -> None:
    assert canceled(UnitsOfLine(MUGS, 3, 1)) == {None: 3_63 + 34}


def test_the_charges_of_a_group_go_with_its_last_unit_and_those_of_the_order_with_the_last_of_all() -> None:
    last_of_group = canceled(UnitsOfLine(MUGS, 1, 3), emptied=frozenset({HOME}))
    last_of_all = canceled(UnitsOfLine(MUGS, 1, 3), emptied=frozenset({HOME, None}))

    assert last_of_group == {None: 11_91, SHIPPING: 5_40}
    assert last_of_all == {None: 11_91, SHIPPING: 5_40, FEE: 1_00}


def test_a_group_that_was_emptied_before_loses_no_charge_again() -> None:
    assert canceled(UnitsOfLine(PENS, 1, 1), emptied=frozenset({HOME})) == {None: 2_50}


@pytest.mark.parametrize("included", [False, True])
@given(
    lines=st.lists(st.tuples(st.integers(1, 7), st.integers(0, 9_999), st.integers(0, 99)), min_size=1, max_size=4),
    seed=st.integers(0, 2**32),
)
def test_parcels_of_any_units_in_any_order_are_worth_each_line_charge_and_tax_exactly(
    included: bool, lines: list[tuple[int, int, int]], seed: int
) -> None:
    dice = Random(seed)
    placed = [Line(uuid4(), 99 + net, {uuid4(): tax}, n, dice.choice([HOME, OFFICE])) for n, net, tax in lines]
    owners = {None, *(line.ship_group_id for line in placed), *(line.id for line in placed)}
    charges = [Charge(uuid4(), 5_99, {uuid4(): 49}, owner) for owner in owners]
    units = [UnitsOfLine(line, number, 1) for line in placed for number in range(1, line.quantity + 1)]
    dice.shuffle(units)

    stored = ship_in_parcels(units, charges, dice, included)

    with_charges: dict[UUID, list[Priced]] = {
        line.id: [line, *(charge for charge in charges if charge.owner_id == line.id)] for line in placed
    }
    with_charges |= {charge.id: [charge] for charge in charges if charge.owner_id not in with_charges}
    assert {id_: sums(stored, id_) for id_ in with_charges} == {
        id_: whole(parts, included) for id_, parts in with_charges.items()
    }


def sums(stored: list[Worth], owner_id: UUID) -> tuple[int, int]:
    """The stored sum of a line with its charges, or of another charge, and the taxes within it."""
    own = [w for w in stored if (w.charge_id or w.item_id) == owner_id]
    return gross_of(own), sum(w.amount for w in own if w.tax_id)


def whole(parts: Sequence[Priced], included: bool) -> tuple[int, int]:
    taxes = sum(sum(part.taxes.values()) for part in parts)
    return sum(part.amount for part in parts) + (0 if included else taxes), taxes


def ship_in_parcels(units: list[UnitsOfLine], charges: list[Charge], dice: Random, included: bool) -> list[Worth]:
    stored: list[Worth] = []
    while units:
        parcel = [units.pop() for _ in range(dice.randint(1, len(units)))]
        departed = {w.charge_id for w in stored if w.charge_id is not None}
        stored += worth_of_parcel(parcel, charges, departed, tax_included=included)
    return stored
