"""Asks the engine for the answer of a decision table: for previews, which may not wait long."""

from typing import Any

from order_api.camunda.engine import session, url
from order_api.camunda.names import Decision


def evaluate(decision: Decision, variables: dict[str, Any], timeout: float) -> dict[str, Any]:
    """The outputs of the row that applies in the latest version; empty if none does. `timeout` is in seconds. Raises
    EngineError, also when the table has not been deployed or cannot be evaluated."""
    values = {name: {"value": value} for name, value in variables.items()}
    address = url(f"/decision-definition/key/{decision}/evaluate")
    rows = session().post(address, json={"variables": values}, timeout=timeout).json()
    return {name: output["value"] for name, output in rows[0].items()} if rows else {}
