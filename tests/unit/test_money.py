"""Money is integers in the smallest unit of its currency, and one rule rounds it (R1, R2)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.core import money
from order_api.core.money import TooManyDecimals

CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "EUR"])


@pytest.mark.parametrize(("currency", "exponent"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, exponent: int) -> None:
    assert money.exponent_of(currency) == exponent


@pytest.mark.parametrize("code", ["XAU", "XXX", "ZZZ", "usd", "USD\n", ""])
def test_what_is_no_money_has_no_exponent(code: str) -> None:
    assert money.exponent_of(code) is None
    with pytest.raises(KeyError):
        money.to_text(1, code)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("5.99", "USD", 599),
        ("5.9", "USD", 590),
        ("5", "USD", 500),
        ("5.990", "USD", 599),
        ("1980", "JPY", 1980),
        ("1980.0", "JPY", 1980),
        ("1.234", "KWD", 1234),
        ("0", "USD", 0),
        ("0.01", "USD", 1),
    ],
)
def test_an_amount_becomes_minor_units(amount: str, currency: str, minor: int) -> None:
    assert money.to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("5.999", "USD"), ("1827.5", "JPY"), ("1.2345", "KWD")])
def test_too_many_decimals_are_refused_and_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(TooManyDecimals, match=f"{currency} has"):
        money.to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (599, "USD", "5.99"),
        (590, "USD", "5.90"),
        (1980, "JPY", "1980"),
        (1234, "KWD", "1.234"),
        (1234, "BGN", "12.34"),  # Withdrawn in 2026.
        (1234, "ANG", "12.34"),
        (1234, "HRK", "12.34"),
        (5, "KWD", "0.005"),
        (0, "USD", "0.00"),
        (-599, "USD", "-5.99"),
        (100000000000000000, "USD", "1000000000000000.00"),
    ],
)
def test_money_is_written_with_all_decimals_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert money.to_text(minor, currency) == text


@given(st.integers(-(10**17), 10**17), CURRENCIES)
def test_writing_and_reading_changes_no_amount(minor: int, currency: str) -> None:
    assert money.to_minor(Decimal(money.to_text(minor, currency)), currency) == minor


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("2.49", 2), ("-2.49", -2), ("2.51", 3), ("7", 7)],
)
def test_a_half_goes_away_from_zero(value: str, rounded: int) -> None:
    assert money.round_half_up(Decimal(value)) == rounded
    assert money.round_half_up(Fraction(value)) == rounded


@given(st.fractions())
def test_rounding_moves_a_value_by_at_most_a_half(value: Fraction) -> None:
    assert abs(money.round_half_up(value) - value) <= Fraction(1, 2)


def test_mc14_a_unit_price_may_have_more_decimals_and_the_line_is_rounded_once() -> None:
    assert money.line_amount(Decimal("13.9563"), 9, "EUR") == 125_61


@pytest.mark.parametrize(
    ("unit_price", "quantity", "currency", "minor"),
    [("1980", 3, "JPY", 5940), ("0.5", 3, "JPY", 2), ("1.2345", 2, "KWD", 2469), ("0.005", 1, "USD", 1)],
)
def test_a_line_amount_is_rounded_to_its_currency(unit_price: str, quantity: int, currency: str, minor: int) -> None:
    assert money.line_amount(Decimal(unit_price), quantity, currency) == minor
