"""Rules that the database enforces on every writer."""

from enum import StrEnum

from sqlalchemy import CheckConstraint

WORD = "^[a-z][a-z0-9_]{0,39}$"
"""A word in snake case."""


def check_one_of(words: type[StrEnum], column: str) -> CheckConstraint:
    quoted = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({quoted})", column)


def check_word(column: str) -> CheckConstraint:
    """For words that other packages may add: checks only their form."""
    return CheckConstraint(f"{column} ~ '{WORD}'", column)
