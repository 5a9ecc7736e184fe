"""Asks the engine for the answer of a decision table: for previews, which may not wait long."""

from typing import Any

import structlog

from order_api.camunda.engine import EngineError, session, url

PREVIEW_TIMEOUT = 1.0
"""Seconds that a preview waits for a table."""

log = structlog.get_logger()


def decided_in_time(decision: str, variables: dict[str, Any]) -> dict[str, Any] | None:
    """For previews: the same as `evaluate`, or None if the engine does not answer. Call it outside of transactions."""
    rows = rows_in_time(decision, variables)
    return None if rows is None else next(iter(rows), {})


def rows_in_time(decision: str, variables: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Like `decided_in_time`, for a table of which several rows may apply."""
    try:
        return evaluate(decision, variables, PREVIEW_TIMEOUT)
    except (EngineError, ValueError) as error:
        # ValueError: something answered in the engine's place, and not in JSON.
        log.info("rule_not_asked", decision=decision, error=type(error).__name__)
        return None


def evaluate(decision: str, variables: dict[str, Any], timeout: float) -> list[dict[str, Any]]:
    """The outputs of each row that applies in the latest version. A variable is a value, or a value with its type.
    `timeout` is in seconds. Raises EngineError, also when the table has not been deployed or cannot be evaluated."""
    values = {name: value if isinstance(value, dict) else {"value": value} for name, value in variables.items()}
    address = url(f"/decision-definition/key/{decision}/evaluate")
    rows = session().post(address, json={"variables": values}, timeout=timeout).json()
    return [{name: output["value"] for name, output in row.items()} for row in rows]
