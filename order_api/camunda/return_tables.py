"""Asks the tables of returns about each line, for previews."""

from collections.abc import Iterable
from time import monotonic
from typing import Any, NamedTuple

from order_api.camunda.decide import decided_in_time, rows_in_time
from order_api.camunda.names import Decision

MAX_SECONDS = 5.0
"""How long a preview may ask about its lines."""


class Said(NamedTuple):
    """What the tables said about a line: the row of the policy that applies, empty if none does, and every fee."""

    policy: dict[str, Any]
    fees: list[dict[str, Any]]


def ask_return_tables(policy_table: str, questions: Iterable[dict[str, Any]]) -> list[Said] | None:
    """One answer for each line; None if the engine does not answer in time. Call it outside of transactions."""
    said, until = list[Said](), monotonic() + MAX_SECONDS
    for question in questions:
        policy = decided_in_time(policy_table, question) if monotonic() < until else None
        fees = None if policy is None else rows_in_time(Decision.RETURN_FEES, question)
        if policy is None or fees is None:
            return None
        said.append(Said(policy, fees))
    return said
