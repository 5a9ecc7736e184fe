"""How patiently a task is tried again: profiles by name, which models repeat as properties."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RetryProfile:
    """`pauses` are ISO 8601 durations with commas between; the last one is for all tries that follow."""

    tries: int
    pauses: str


STANDARD = RetryProfile(5, "PT1S,PT5S,PT30S,PT2M")
"""For a task whose model says nothing."""

OUTSIDE_SYSTEM = RetryProfile(16, "PT1S,PT5S,PT30S,PT2M,PT5M")
"""Outlasts an outage of almost an hour before an operator must look."""
