"""Money as integers in the smallest unit of an ISO 4217 currency, and the one way to round it.

Exponents come from the ISO table (package iso4217): JPY has 0 decimals, USD 2, KWD 3; no code assumes 100.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache

from iso4217 import Currency

WITHDRAWN = {"ANG": 2, "BGN": 2, "HRK": 2}
"""Decimals of currencies that the ISO table has dropped: old orders still use them, new orders cannot."""


class TooManyDecimals(ValueError):
    """The amount has more decimals than its currency; rounding it silently would change it."""


@cache
def exponent_of(currency: str) -> int | None:
    """Decimals of the currency, or None for a code that new orders cannot use: unknown, withdrawn, gold, test codes."""
    try:
        return Currency(currency).exponent
    except ValueError:
        return None


def _decimals(currency: str) -> int:
    """Includes withdrawn currencies: the amounts of their orders must not change. Raises KeyError for other codes."""
    exponent = exponent_of(currency)
    return WITHDRAWN[currency] if exponent is None else exponent


def to_minor(amount: Decimal, currency: str) -> int:
    """`Decimal("5.99")`, USD → 599. Raises TooManyDecimals instead of rounding."""
    scaled = amount.scaleb(_decimals(currency))
    if scaled != scaled.to_integral_value():
        raise TooManyDecimals(f"{currency} has {_decimals(currency)} decimals.")
    return int(scaled)


def to_decimal(minor: int, currency: str) -> Decimal:
    """599, USD → `Decimal("5.99")`, with all decimals of the currency."""
    return Decimal(minor).scaleb(-_decimals(currency))


def to_text(minor: int, currency: str) -> str:
    """599, USD → `"5.99"`, the form of money in JSON, in forms and in mails."""
    return f"{to_decimal(minor, currency):f}"


def with_currency(minor: int, currency: str) -> str:
    """`10.00 USD`, for sentences."""
    return f"{to_text(minor, currency)} {currency}"


def round_half_up(value: Decimal | Fraction) -> int:
    """Rounds to the nearest integer, a half away from zero (R2)."""
    if isinstance(value, Fraction):
        magnitude = (abs(value.numerator) * 2 + value.denominator) // (2 * value.denominator)
        return magnitude if value >= 0 else -magnitude
    return int(value.to_integral_value(rounding=ROUND_HALF_UP))


def line_amount(unit_price: Decimal, quantity: int, currency: str) -> int:
    """Unit price × quantity, rounded once: 13.9563 EUR × 9 is 12561, not 9 × 1396 (R1, MC14)."""
    return round_half_up((unit_price * quantity).scaleb(_decimals(currency)))
