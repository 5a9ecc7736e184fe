"""Which fate may follow which, and which units of a line a story takes."""

from time import process_time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.orders.fates import DEPARTED, MAY_FOLLOW, Cause, CauseKind, Fate
from order_api.orders.line_units import LedgerEntry, LineUnits, Units

PARCEL, SECOND_PARCEL, THIRD_PARCEL = (Cause(CauseKind.SHIPMENT, uuid4()) for _ in range(3))
CANCELLATION = Cause(CauseKind.CANCELLATION, uuid4())
UnitState = tuple[Fate | None, Cause | None]
OPEN: UnitState = (None, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {Fate.SHIPPED, Fate.CANCELED}),
        (Fate.SHIPPED, {Fate.DELIVERED, Fate.LOST, Fate.RETURNED}),
        (Fate.DELIVERED, {Fate.LOST, Fate.RETURNED}),
        (Fate.CANCELED, set()),
        (Fate.LOST, {Fate.SHIPPED, Fate.DELIVERED, Fate.RETURNED}),
        (Fate.RETURNED, {Fate.SHIPPED}),
    ],
)
@pytest.mark.parametrize("fate", Fate)
def test_a_fate_follows_only_those_that_the_table_names(before: Fate | None, after: set[Fate], fate: Fate) -> None:
    assert (fate in MAY_FOLLOW[before]) is (fate in after)


def test_every_fate_stands_in_the_table() -> None:
    assert set(MAY_FOLLOW) == {None, *Fate}


def test_a_unit_departs_only_by_being_shipped() -> None:
    into_departed = {before for before, after in MAY_FOLLOW.items() if before not in DEPARTED and after & DEPARTED}

    assert into_departed == {None}
    assert MAY_FOLLOW[None] & DEPARTED == {Fate.SHIPPED}


def test_what_has_departed_is_never_open_or_canceled_again() -> None:
    assert all(MAY_FOLLOW[fate] <= DEPARTED for fate in DEPARTED)


# The units that a story takes.


def test_shipping_takes_the_lowest_open_units_and_canceling_the_highest() -> None:
    line = LineUnits(10).after(Units(1, 2), Fate.SHIPPED, PARCEL).after(Units(10, 10), Fate.CANCELED, CANCELLATION)

    assert line.lowest_open(3) == [Units(3, 5)]
    assert line.highest_open(3) == [Units(7, 9)]
    assert line.lowest_open(7) == line.highest_open(7) == line.with_fate(None) == [Units(3, 9)]


def test_open_units_that_are_not_neighbours_are_taken_in_several_ranges() -> None:
    line = LineUnits(10)
    for units in (Units(3, 4), Units(8, 8)):
        line = line.after(units, Fate.CANCELED, CANCELLATION)

    assert line.with_fate(None) == [Units(1, 2), Units(5, 7), Units(9, 10)]
    assert line.lowest_open(4) == [Units(1, 2), Units(5, 6)]
    assert line.highest_open(4) == [Units(6, 7), Units(9, 10)]
    assert line.highest_open(2) == [Units(9, 10)]
    assert line.lowest_open(6) == [Units(1, 2), Units(5, 7), Units(9, 9)]


def test_no_units_are_no_ranges() -> None:
    assert LineUnits(3).lowest_open(0) == LineUnits(3).highest_open(0) == []


@pytest.mark.parametrize("count", [4, -1])
def test_more_than_is_open_cannot_be_taken(count: int) -> None:
    line = LineUnits(5).after(Units(2, 3), Fate.SHIPPED, PARCEL)

    with pytest.raises(ValueError, match=f"{count} units were requested, but 3 are open"):
        line.lowest_open(count)
    with pytest.raises(ValueError, match=f"{count} units were requested, but 3 are open"):
        line.highest_open(count)


def test_a_delivery_takes_the_very_units_of_its_parcel_that_are_still_on_their_way() -> None:
    line = LineUnits(9)
    for first, parcel in ((1, PARCEL), (4, SECOND_PARCEL), (7, PARCEL)):
        line = line.after(Units(first, first + 2), Fate.SHIPPED, parcel)

    line = line.after(Units(8, 8), Fate.LOST, PARCEL)

    assert line.with_present(Fate.SHIPPED, PARCEL) == [Units(1, 3), Units(7, 7), Units(9, 9)]
    assert line.with_present(Fate.SHIPPED, SECOND_PARCEL) == [Units(4, 6)]
    assert line.with_present(Fate.DELIVERED, PARCEL) == []


def test_a_lost_unit_that_is_shipped_again_is_delivered_with_its_second_parcel() -> None:
    line = LineUnits(2).after(Units(1, 2), Fate.SHIPPED, PARCEL).after(Units(2, 2), Fate.LOST, PARCEL)

    line = line.after(Units(2, 2), Fate.SHIPPED, SECOND_PARCEL)

    assert line.with_present(Fate.SHIPPED, PARCEL) == [Units(1, 1)]
    assert line.with_present(Fate.SHIPPED, SECOND_PARCEL) == [Units(2, 2)]
    assert (line.count(*DEPARTED), line.count(Fate.LOST), line.count(None)) == (2, 0, 0)


def test_neighbours_of_one_fate_are_one_range_even_across_parcels() -> None:
    line = LineUnits(6).after(Units(1, 2), Fate.SHIPPED, PARCEL).after(Units(3, 5), Fate.SHIPPED, SECOND_PARCEL)

    assert line.with_fate(Fate.SHIPPED) == [Units(1, 5)]
    assert line.after(Units(2, 4), Fate.DELIVERED, PARCEL).with_fate(Fate.SHIPPED) == [Units(1, 1), Units(5, 5)]


# Impossible moves.


@pytest.mark.parametrize(("first", "last"), [(0, 1), (5, 6), (4, 3), (7, 8)])
def test_units_that_a_line_does_not_have_get_no_fate(first: int, last: int) -> None:
    with pytest.raises(ValueError, match=f"The line has the units 1 to 5, not {first} to {last}"):
        LineUnits(5).after(Units(first, last), Fate.SHIPPED, PARCEL)


@pytest.mark.parametrize(("first", "last"), [(2, 2), (1, 2), (4, 5), (3, 3), (1, 5)])
def test_a_range_with_one_unit_of_the_wrong_fate_is_refused(first: int, last: int) -> None:
    line = LineUnits(5).after(Units(2, 4), Fate.CANCELED, CANCELLATION)

    with pytest.raises(ValueError, match="Units 2 to 4 are canceled and cannot be shipped"):
        line.after(Units(first, last), Fate.SHIPPED, PARCEL)


@pytest.mark.parametrize("units", [Units(1, 1), Units(5, 5)])
def test_the_neighbours_of_canceled_units_can_still_ship(units: Units) -> None:
    line = LineUnits(5).after(Units(2, 4), Fate.CANCELED, CANCELLATION)

    assert line.after(units, Fate.SHIPPED, PARCEL).with_fate(Fate.SHIPPED) == [units]


def test_a_unit_that_has_not_left_is_not_delivered() -> None:
    with pytest.raises(ValueError, match="Units 1 to 3 are open and cannot be delivered"):
        LineUnits(3).after(Units(2, 2), Fate.DELIVERED, PARCEL)


# Random sequences of moves.


@st.composite
def moves(draw: st.DrawFn) -> tuple[int, list[tuple[Units, Fate, Cause]]]:
    """A quantity, and ranges with any fate; many of these moves are forbidden."""
    quantity = draw(st.integers(1, 30))
    ends = st.lists(st.integers(1, quantity), min_size=2, max_size=2).map(sorted)
    cause = st.sampled_from([PARCEL, SECOND_PARCEL, CANCELLATION])
    steps = draw(st.lists(st.tuples(ends, st.sampled_from(Fate), cause), max_size=40))
    return quantity, [(Units(*ends), fate, cause) for ends, fate, cause in steps]


@given(moves())
def test_after_any_events_every_unit_has_exactly_one_fate_and_counts_are_sums(
    case: tuple[int, list[tuple[Units, Fate, Cause]]],
) -> None:
    quantity, steps = case
    line, expected = LineUnits(quantity), dict.fromkeys(range(1, quantity + 1), OPEN)

    for units, fate, cause in steps:
        line = walk(line, expected, units, fate, cause)

    for fate in (None, *Fate):
        assert numbers(line.with_fate(fate)) == [n for n, (held, _) in expected.items() if held == fate]
        assert line.count(fate) == [held for held, _ in expected.values()].count(fate)
    for parcel in (PARCEL, SECOND_PARCEL):
        of_it = [n for n, entry in expected.items() if entry == (Fate.SHIPPED, parcel)]
        assert numbers(line.with_present(Fate.SHIPPED, parcel)) == of_it
    assert sum(line.count(fate) for fate in (None, *Fate)) == quantity


def walk(line: LineUnits, expected: dict[int, UnitState], units: Units, fate: Fate, cause: Cause) -> LineUnits:
    """Applies one move unit by unit to `expected`; refuses it as a whole if one of its units forbids it."""
    moved = range(units.first, units.last + 1)
    is_allowed = all(fate in MAY_FOLLOW[expected[number][0]] for number in moved)
    if not is_allowed:
        with pytest.raises(ValueError, match=f"and cannot be {fate}"):
            line.after(units, fate, cause)
        return line
    expected.update(dict.fromkeys(moved, (fate, cause)))
    return line.after(units, fate, cause)


@given(st.integers(1, 40), st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=20))
def test_what_ships_and_what_is_canceled_never_meet(quantity: int, acts: list[tuple[bool, int]]) -> None:
    line = LineUnits(quantity)

    for ships, number in acts:
        count = min(number, line.count(None))
        taken = line.lowest_open(count) if ships else line.highest_open(count)
        fate, cause = (Fate.SHIPPED, PARCEL) if ships else (Fate.CANCELED, CANCELLATION)
        for units in taken:
            line = line.after(units, fate, cause)

    shipped, canceled, left = line.with_fate(Fate.SHIPPED), line.with_fate(Fate.CANCELED), line.with_fate(None)
    assert numbers(shipped + left + canceled) == list(range(1, quantity + 1))


def numbers(ranges: list[Units]) -> list[int]:
    return [number for units in ranges for number in range(units.first, units.last + 1)]


# Size.


def test_a_line_of_100_000_units_is_a_handful_of_ranges() -> None:
    line = LineUnits(100_000)
    for parcel in (PARCEL, SECOND_PARCEL):
        [shipped] = line.lowest_open(30_000)
        line = line.after(shipped, Fate.SHIPPED, parcel)
    [canceled] = line.highest_open(39_999)
    line = line.after(canceled, Fate.CANCELED, CANCELLATION)

    [on_its_way] = line.with_present(Fate.SHIPPED, SECOND_PARCEL)
    line = line.after(on_its_way, Fate.DELIVERED, SECOND_PARCEL)

    assert len(line.ledger) == 4
    assert (line.with_fate(None), on_its_way) == ([Units(60_001, 60_001)], Units(30_001, 60_000))


def test_eight_times_as_many_parcels_take_about_eight_times_as_long() -> None:
    ratio = seconds_to_count(4_000) / seconds_to_count(500)

    assert ratio < 3 * 8, "64 times as long would be quadratic"


def seconds_to_count(parcels: int) -> float:
    """CPU time, best of three, for a line whose units each left in a separate parcel."""
    ledger = [LedgerEntry(Units(number, number), Fate.SHIPPED, PARCEL) for number in range(1, parcels + 1)]

    def once() -> float:
        line, began = LineUnits(parcels, ledger), process_time()
        assert line.count(Fate.SHIPPED) == parcels
        return process_time() - began

    return min(once() for _ in range(3))
