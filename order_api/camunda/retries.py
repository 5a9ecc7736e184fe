"""How many times and when a task is retried: named profiles. Models can override them with properties."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryProfile:
    """`pauses` are ISO 8601 durations separated by commas; the last one applies to all later tries."""

    tries: int
    pauses: str


STANDARD = RetryProfile(5, "PT1S,PT5S,PT30S,PT2M")
"""For a task whose model sets no retry properties."""

OUTSIDE_SYSTEM = RetryProfile(16, "PT1S,PT5S,PT30S,PT2M,PT5M")
"""Retries for almost an hour before the task becomes an incident."""
