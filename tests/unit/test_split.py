"""The split of an order's discounts over its lines, before the proof (R3)."""

from dataclasses import FrozenInstanceError, is_dataclass
from typing import Any

import pytest

from order_api.proof import priced_order
from order_api.proof.priced_order import PricedOrder
from order_api.proof.prove import differences
from order_api.proof.split import SharedDiscount, Split, TaxBase, split
from tests.factories.orders import Json, charge, discount, line, order_body
from tests.factories.priced import priced

TOTALS = {"items": "0", "discounts": "0", "charges": "0", "taxes": "0", "grand_total": "0"}


def shirt_and_mug(*discounts: Json, **shirt: object) -> PricedOrder:
    """A shirt of 20.00 at position 0 and a mug of 10.00 at position 1."""
    items = line("20.00", line_id="shirt", **shirt), line("10.00", line_id="mug")
    return priced(order_body(*items, discounts=list(discounts), totals=TOTALS, tenders=[]))


def shared(amount: str, **sent: str) -> Json:
    """A discount with its sent shares."""
    return discount(amount, shares=[{"line_id": line_id, "amount": share} for line_id, share in sent.items()])


def bases(found: Split) -> list[tuple[int, int | None]]:
    return [(base.as_sent, base.corrected) for base in found.lines]


def test_without_discounts_every_line_and_charge_is_taxed_on_what_it_costs() -> None:
    order = priced(order_body(line("20.00", charges=[charge("3.00")]), charges=[charge("5.00")]))

    assert split(order).bases == [TaxBase(20_00, 20_00), TaxBase(3_00, 3_00), TaxBase(5_00, 5_00)]


def test_a_discount_without_shares_is_shared_by_us() -> None:
    found = split(shirt_and_mug(discount("3.00")))

    ours = {0: 2_00, 1: 1_00}
    assert found.discounts == [SharedDiscount({0: 20_00, 1: 10_00}, ours, shares=ours, corrected=ours)]
    assert bases(found) == [(18_00, 18_00), (9_00, 9_00)]


def test_each_discount_finds_the_room_that_those_before_it_have_left() -> None:
    found = split(shirt_and_mug(discount("15.00", eligible_lines=["shirt"]), discount("9.00")))

    assert [one.room for one in found.discounts] == [{0: 20_00}, {0: 5_00, 1: 10_00}]
    assert bases(found) == [(0, 0), (6_00, 6_00)]


def test_a_line_that_is_not_eligible_keeps_its_worth() -> None:
    found = split(shirt_and_mug(discount("3.00", eligible_lines=["mug"])))

    assert bases(found) == [(20_00, 20_00), (7_00, 7_00)]


def test_shares_within_the_tolerance_are_right_as_they_were_sent() -> None:
    found = split(shirt_and_mug(shared("3.00", shirt="1.99", mug="1.01")), tolerance=1)

    assert (found.tolerance, found.discounts[0].corrected) == (1, {0: 1_99, 1: 1_01})
    assert found.discounts[0].ours == {0: 2_00, 1: 1_00}
    assert bases(found) == [(18_01, 18_01), (8_99, 8_99)]


def test_without_a_tolerance_of_the_collection_nothing_is_tolerated() -> None:
    found = split(shirt_and_mug(shared("3.00", shirt="1.99", mug="1.01")))

    assert (found.tolerance, found.discounts[0].corrected) == (0, {0: 2_00, 1: 1_00})


@pytest.mark.parametrize(
    ("sent", "tolerance"),
    [
        (shared("3.00", shirt="1.98", mug="1.02"), 1),
        (shared("3.00", shirt="2.01", mug="1.00"), 1),
        (shared("3.00", shirt="2.00"), 100),
        (shared("3.00", shirt="3.00"), 99),
        (shared("3.00", shirt="2.00", mug="1.001"), 0),
        (shared("3.00", shirt="2.00", mug="1.00", cup="0.00"), 0),
    ],
    ids=["off", "do not add up", "do not add up without one", "one left out", "unreadable", "unknown line"],
)
def test_shares_that_are_refused_lower_the_lines_as_sent_but_ours_are_right(sent: Json, tolerance: int) -> None:
    found = split(shirt_and_mug(sent), tolerance)

    assert found.discounts[0].corrected == {0: 2_00, 1: 1_00}
    assert found.discounts[0].corrected is not found.discounts[0].shares
    assert [corrected for _, corrected in bases(found)] == [18_00, 9_00]


def test_a_share_of_a_line_that_is_not_eligible_is_corrected_to_our_split() -> None:
    offer = shared("3.00", shirt="1.00", mug="2.00") | {"eligible_lines": ["mug"]}

    found = split(shirt_and_mug(offer), tolerance=500)

    assert found.discounts[0].corrected == {1: 3_00}
    assert bases(found) == [(19_00, 20_00), (8_00, 7_00)]


def test_a_share_above_what_its_line_has_left_is_corrected_with_any_tolerance() -> None:
    first = discount("19.99", eligible_lines=["shirt"])

    found = split(shirt_and_mug(first, shared("3.00", shirt="0.02", mug="2.98")), tolerance=10)

    assert found.discounts[1].corrected == {0: 1, 1: 2_99}


def test_a_share_may_be_all_that_its_line_has_left() -> None:
    found = split(shirt_and_mug(shared("30.00", shirt="20.00", mug="10.00")), tolerance=0)

    assert found.discounts[0].corrected == {0: 20_00, 1: 10_00} == found.discounts[0].shares
    assert found.discounts[0].corrected is not found.discounts[0].ours


def test_a_share_no_larger_than_the_tolerance_may_be_left_out() -> None:
    offer = shared("0.03", shirt="0.03")

    assert split(shirt_and_mug(offer), tolerance=1).discounts[0].corrected == {0: 3}
    assert split(shirt_and_mug(offer), tolerance=0).discounts[0].corrected == {0: 2, 1: 1}


# Unknown values.


def test_a_discount_above_its_lines_is_not_shared_and_leaves_open_what_they_are_worth() -> None:
    found = split(shirt_and_mug(discount("10.01", eligible_lines=["mug"])))

    assert found.discounts == [SharedDiscount({1: 10_00}, ours=None, shares={}, corrected=None)]
    assert bases(found) == [(20_00, 20_00), (10_00, None)]


def test_a_discount_that_takes_all_is_shared() -> None:
    assert bases(split(shirt_and_mug(discount("30.00")))) == [(0, 0), (0, 0)]


@pytest.mark.parametrize("own", ["20.01", "0.001"])
def test_a_discount_of_a_line_whose_own_discounts_are_invalid_is_not_shared(own: str) -> None:
    found = split(shirt_and_mug(discount("3.00"), discounts=[discount(own)]))

    assert found.discounts == [SharedDiscount(None, ours=None, shares={}, corrected=None)]
    assert [corrected for _, corrected in bases(found)] == [None, None]


def test_a_discount_of_other_lines_is_shared_beside_a_line_whose_own_discounts_are_invalid() -> None:
    found = split(shirt_and_mug(discount("3.00", eligible_lines=["mug"]), discounts=[discount("20.01")]))

    assert bases(found) == [(-1, None), (7_00, 7_00)]


def test_an_unreadable_discount_leaves_open_what_its_lines_are_worth() -> None:
    found = split(shirt_and_mug(discount("3.001", eligible_lines=["mug"])))

    assert bases(found) == [(20_00, 20_00), (10_00, None)]


def test_a_discount_of_an_unknown_line_leaves_open_what_any_line_is_worth() -> None:
    found = split(shirt_and_mug(discount("3.00", eligible_lines=["mug", "cup"])))

    assert found.discounts[0].room is None
    assert bases(found) == [(20_00, None), (10_00, None)]


@pytest.mark.parametrize(
    ("unreadable", "as_sent"),
    [
        (charge("5.001"), 0),
        (charge("5.00", discounts=[discount("1.001")]), 5_00),
        (charge("5.00", discounts=[discount("5.01")]), -1),
    ],
)
def test_the_tax_base_of_a_charge_is_unknown_when_the_charge_or_its_discounts_are_invalid(
    unreadable: Json, as_sent: int
) -> None:
    order = priced(order_body(charges=[unreadable], totals=TOTALS, tenders=[]))

    assert split(order).charges == [TaxBase(as_sent, None)]


# Values.


@pytest.mark.parametrize("part", [part for part in vars(priced_order).values() if is_dataclass(part)])
def test_no_part_of_a_priced_order_can_be_changed(part: Any) -> None:
    assert part.__dataclass_params__.frozen


def test_splitting_and_proving_change_nothing_and_may_be_repeated() -> None:
    order = shirt_and_mug(shared("3.00", shirt="1.50", mug="1.50"))
    first = split(order)

    found = differences(order, first)

    assert (split(order), differences(order, first)) == (first, found)
    with pytest.raises(FrozenInstanceError):
        order.lines[0].amount = 0  # type: ignore[misc]


@pytest.mark.parametrize("other", [order_body(line(), line(line_id="2")), order_body(discounts=[discount("1.00")])])
def test_an_order_is_not_proven_with_the_split_of_another(other: Json) -> None:
    with pytest.raises(ValueError, match="zip"):
        differences(priced(order_body(line())), split(priced(other)))
