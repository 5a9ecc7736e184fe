"""Finds card numbers that people type into texts: there anyone could read them, and we would have to protect them."""

import re
from collections.abc import Iterator

DIGITS = range(13, 20)
"""How many a card number has."""
RUN = re.compile(r"(?<!\w)\d+(?:[\s-]+\d+)*(?!\w)", re.ASCII)
"""Groups of digits, with blanks or hyphens between them."""


def holds_card_number(text: str) -> bool:
    """Whether some groups in a row have as many digits as a card number, and its check digit is right."""
    return any(_is_right(number) for run in RUN.findall(text) for number in _numbers(re.split(r"\D+", run)))


def _numbers(groups: list[str]) -> Iterator[str]:
    for first in range(len(groups)):
        number = ""
        for group in groups[first:]:
            number += group
            if len(number) >= DIGITS.stop:
                break
            if len(number) in DIGITS:
                yield number


def _is_right(number: str) -> bool:
    """By Luhn's formula, ISO/IEC 7812-1."""
    doubled = [2 * int(digit) for digit in number[-2::-2]]
    return (sum(int(digit) for digit in number[::-2]) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
