"""Process instances: start, look up, wake, delete."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pycamunda.processdef
import pycamunda.processinst

from order_api.camunda.engine import (
    REQUEST_TIMEOUT,
    EngineNotFound,
    EngineRejected,
    get,
    post,
    repeat_on_conflict,
    session,
    url,
)
from order_api.core.settings import settings

ACTIVE, COMPLETED = frozenset({"ACTIVE", "SUSPENDED"}), "COMPLETED"
CONTAINERS = frozenset({"subProcess", "multiInstanceBody"})


@dataclass(frozen=True)
class Instance:
    """A process instance from the history: running, completed, or deleted."""

    id: str
    is_running: bool
    is_completed: bool = False


class NoFlowWaits(EngineRejected):
    """No process waits for the message: not yet, or no longer."""


def start(process: str, business_key: str, variables: dict[str, Any]) -> str:
    """Starts the latest version and returns the instance id. Not safe to repeat blindly: keys are not unique (J2)."""
    request = pycamunda.processdef.StartInstance(settings().engine_url, key=process, business_key=business_key)
    request.session = session()
    for name, value in variables.items():
        request.add_variable(name, *_typed(value))
    return str(request().id_)


def _typed(value: Any) -> tuple[Any, str]:
    if isinstance(value, list | dict):
        return json.dumps(value), "Json"
    return value, {bool: "Boolean", int: "Integer"}.get(type(value), "String")


def find(process: str, business_key: str) -> list[Instance]:
    """Running and ended instances in one call; does not yet see an instance whose start is still uncommitted."""
    rows = get("/history/process-instance", processInstanceBusinessKey=business_key, processDefinitionKey=str(process))
    return [Instance(row["id"], row["state"] in ACTIVE, row["state"] == COMPLETED) for row in rows]


def correlate(message: str, business_key: str, item_id: UUID | None, message_id: str) -> None:
    """Wakes the flow that waits for the message under this key. Raises NoFlowWaits. Repeating wakes it once."""
    body: dict[str, Any] = {
        "messageName": message,
        "businessKey": business_key,
        "processVariablesLocal": {"message_id": {"value": message_id, "type": "String"}},
        "all": True,
        "resultEnabled": True,
    }
    if item_id is not None:
        body["correlationKeys"] = {"item_id": {"value": str(item_id), "type": "String"}}
    if not post("/message", body):
        raise NoFlowWaits(f"No flow waits for {message}.", 400)


@repeat_on_conflict
def delete(process_instance_id: str) -> None:
    """Deletes a surplus instance. Does nothing if it no longer exists."""
    request = pycamunda.processinst.Delete(settings().engine_url, process_instance_id)
    request.session = session()
    try:
        request()
    except EngineNotFound:
        return


def activity_names(process_instance_id: str, timeout: float = REQUEST_TIMEOUT) -> list[str]:
    """The activities that a running instance is at, by their names in the model; empty when it has ended."""
    path = f"/process-instance/{process_instance_id}/activity-instances"
    try:
        tree = session().get(url(path), timeout=timeout).json()
    except EngineNotFound:
        return []
    leaves = _leaves(tree)
    # A finished loop leaves an empty body that waits for its siblings; nothing happens there.
    places = [leaf for leaf in leaves if leaf.get("activityType") not in CONTAINERS] or leaves
    return sorted({leaf.get("activityName") or leaf.get("activityId") or "" for leaf in places})


def _leaves(activity: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*activity.get("childActivityInstances", []), *activity.get("childTransitionInstances", [])]
    return [leaf for child in inner for leaf in _leaves(child)] if inner else [activity]
