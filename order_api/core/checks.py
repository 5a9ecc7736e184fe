"""Rules that the database keeps, whoever writes."""

from enum import StrEnum

from sqlalchemy import CheckConstraint


def one_of(words: type[StrEnum], column: str) -> CheckConstraint:
    known = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({known})", column)
