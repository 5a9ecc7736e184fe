"""Splits lose nothing: shares of an order discount (R3), units of a line (R4), taxes (R2)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.proof.allocation import split_by_largest_remainder, tax_on, worth_of_units

AMOUNTS = st.integers(0, 10**12)
WEIGHTS = st.lists(AMOUNTS, min_size=1, max_size=12)
RATES = st.decimals(0, Decimal("0.5"), places=4)


@st.composite
def discounts_that_fit(draw: st.DrawFn) -> tuple[int, list[int], list[int]]:
    """An amount, the weights of the lines, and the rest of each line after earlier discounts."""
    weights = draw(WEIGHTS)
    caps = [draw(st.integers(0, weight)) for weight in weights]
    return draw(st.integers(0, sum(caps))), weights, caps


def test_mc01_an_order_discount_goes_by_largest_remainder() -> None:
    assert split_by_largest_remainder(10_00, [59_97, 45_00, 6_66]) == [5_37, 4_03, 60]


def test_mc05_an_order_discount_of_a_currency_without_decimals() -> None:
    assert split_by_largest_remainder(500, [5940, 550]) == [458, 42]


@pytest.mark.parametrize(
    ("amount", "shares"), [(1, [1, 0, 0]), (2, [1, 1, 0]), (4, [2, 1, 1]), (10_00, [3_34, 3_33, 3_33])]
)
def test_a_tie_goes_to_the_earlier_line(amount: int, shares: list[int]) -> None:
    assert split_by_largest_remainder(amount, [100_00, 100_00, 100_00]) == shares


def test_what_a_full_line_cannot_take_goes_to_the_others() -> None:
    assert split_by_largest_remainder(50, [50, 50], caps=[10, 50]) == [10, 40]


def test_what_full_lines_cannot_take_goes_to_the_others_by_their_weight() -> None:
    assert split_by_largest_remainder(30, [10, 10, 10], caps=[1, 20, 20]) == [1, 15, 14]
    assert split_by_largest_remainder(13, [5, 1, 1], caps=[1, 9, 9]) == [1, 6, 6]


def test_what_lines_with_weight_cannot_take_goes_to_the_others_by_their_room() -> None:
    assert split_by_largest_remainder(6, [1, 0, 0], caps=[2, 3, 5]) == [2, 2, 2]


def test_every_line_has_a_weight_and_a_cap() -> None:
    with pytest.raises(ValueError, match="shorter"):
        split_by_largest_remainder(3, [1, 2], caps=[3])


def test_a_line_worth_nothing_gets_nothing() -> None:
    assert split_by_largest_remainder(10, [0, 100, 0]) == [0, 10, 0]


@pytest.mark.parametrize("amount", [301, -1])
def test_more_than_the_lines_are_worth_cannot_be_split(amount: int) -> None:
    with pytest.raises(ValueError, match="cannot be split over 300"):
        split_by_largest_remainder(amount, [100, 200])


@given(discounts_that_fit())
def test_shares_sum_to_the_amount_and_none_is_above_its_cap_or_below_zero(
    case: tuple[int, list[int], list[int]],
) -> None:
    amount, weights, caps = case

    shares = split_by_largest_remainder(amount, weights, caps)

    assert sum(shares) == amount
    assert all(0 <= share <= cap for share, cap in zip(shares, caps, strict=True))


@given(WEIGHTS, st.data())
def test_without_full_lines_a_share_is_less_than_one_unit_from_its_exact_part(
    weights: list[int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(weights)))

    shares = split_by_largest_remainder(amount, weights)

    total = sum(weights) or 1
    assert all(abs(share * total - amount * w) < total for share, w in zip(shares, weights, strict=True))


def test_mc03_three_units_of_ten_are_worth_333_334_333() -> None:
    assert [worth_of_units(10_00, 3, unit, 1) for unit in (1, 2, 3)] == [3_33, 3_34, 3_33]


def test_mc03_captured_one_and_one_after_a_cancellation_never_exceeds_what_was_paid() -> None:
    first, second = worth_of_units(10_00, 3, 1, 1), worth_of_units(10_00, 3, 2, 1)

    assert first + second == worth_of_units(10_00, 3, 1, 2) == 6_67


def test_mc05_three_units_of_a_currency_without_decimals() -> None:
    assert [worth_of_units(5482, 3, unit, 1) for unit in (1, 2, 3)] == [1827, 1828, 1827]
    assert [worth_of_units(498, 3, unit, 1) for unit in (1, 2, 3)] == [166, 166, 166]


@given(AMOUNTS, st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_units_taken_in_any_portions_sum_to_the_line(total: int, portions: list[int]) -> None:
    quantity = sum(portions)
    firsts = [1 + sum(portions[:index]) for index in range(len(portions))]

    values = [worth_of_units(total, quantity, f, n) for f, n in zip(firsts, portions, strict=True)]

    assert sum(values) == total
    assert min(values) >= 0


@pytest.mark.parametrize(
    ("base", "rate", "tax"), [(3_33, "0.07", 23), (3_34, "0.07", 23), (50, "0.01", 1), (49, "0.01", 0), (0, "0.2", 0)]
)
def test_a_tax_on_top_is_rate_times_base_rounded_half_up(base: int, rate: str, tax: int) -> None:
    assert tax_on(base, Decimal(rate), [Decimal(rate)], included=False) == tax


@pytest.mark.parametrize(("base", "rate", "tax"), [(5482, "0.10", 498), (508, "0.08", 38)])
def test_an_included_tax_is_taken_out_of_the_gross(base: int, rate: str, tax: int) -> None:
    assert tax_on(base, Decimal(rate), [Decimal(rate)], included=True) == tax


def test_two_included_rates_on_one_line_share_one_net_amount() -> None:
    rates = [Decimal("0.05"), Decimal("0.09975")]

    taxes = [tax_on(114_98, rate, rates, included=True) for rate in rates]

    assert taxes == [5_00, 9_98]


@given(AMOUNTS, st.lists(RATES, min_size=1, max_size=3))
def test_included_taxes_and_net_make_the_gross_again(base: int, rates: list[Decimal]) -> None:
    taxes = sum(tax_on(base, rate, rates, included=True) for rate in rates)

    net = base - taxes

    again = net + sum(tax_on(net, rate, rates, included=False) for rate in rates)
    assert abs(again - base) <= 1 + len(rates)
