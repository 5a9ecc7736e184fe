"""Asks the engine for the answer of a decision table: for previews, which may not wait long."""

import json
from typing import Any

import structlog

from order_api.camunda.engine import EngineError, session, url
from order_api.camunda.names import Decision

PREVIEW_TIMEOUT = 1.0
"""Seconds that a preview waits for a table."""

log = structlog.get_logger()


def decided_in_time(decision: Decision, variables: dict[str, Any]) -> dict[str, Any] | None:
    """For previews: the outputs of the first row that applies; empty if none does, None if the engine does not answer.
    Call it outside of transactions."""
    rows = rows_in_time(decision, variables)
    return None if rows is None else next(iter(rows), {})


def rows_in_time(decision: Decision, variables: dict[str, Any]) -> list[dict[str, Any]] | None:
    """For a table of which several rows may apply: the same with every row."""
    try:
        return evaluate(decision, variables, PREVIEW_TIMEOUT)
    except (EngineError, ValueError) as error:
        # ValueError: something answered in the engine's place, and not in JSON.
        log.info("rule_not_asked", decision=decision, error=type(error).__name__)
        return None


def evaluate(decision: Decision, variables: dict[str, Any], timeout: float) -> list[dict[str, Any]]:
    """The outputs of each row that applies in the latest version. `timeout` is in seconds. Raises EngineError, also
    when the table has not been deployed or cannot be evaluated."""
    address = url(f"/decision-definition/key/{decision}/evaluate")
    rows = session().post(address, json={"variables": typed(variables)}, timeout=timeout).json()
    return [{name: output["value"] for name, output in row.items()} for row in rows]


def typed(variables: dict[str, Any]) -> dict[str, Any]:
    """As the engine's REST API takes them. A table can read a list only as JSON."""
    as_json = {name: json.dumps(value) for name, value in variables.items() if isinstance(value, list)}
    return {name: {"value": value} for name, value in variables.items()} | {
        name: {"value": value, "type": "Json"} for name, value in as_json.items()
    }
