"""Process instances: start, look up, wake, delete."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pycamunda.processdef
import pycamunda.processinst

from order_api.camunda.engine import (
    EngineNotFound,
    EngineRejected,
    get,
    post,
    repeat_on_conflict,
    session,
)
from order_api.camunda.names import BEGINS_PARCEL
from order_api.core.settings import settings

ACTIVE, COMPLETED = frozenset({"ACTIVE", "SUSPENDED"}), "COMPLETED"


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


def correlate(
    message: str, business_key: str, message_id: str, *, item_id: UUID | None = None, shipment_id: UUID | None = None
) -> None:
    """Wakes the flow of the subject, item or parcel that waits for the message. Raises NoFlowWaits if none does. A
    repeated message wakes it only once.

    But each message of BEGINS_PARCEL starts another flow for the parcel, so its tasks check what is already done.
    """
    variables, scope = {"message_id": message_id}, "processVariablesLocal"
    body: dict[str, Any] = {"messageName": message, "businessKey": business_key, "all": True, "resultEnabled": True}
    if item_id is not None:
        body["correlationKeys"] = _strings({"item_id": str(item_id)})
    if shipment_id is not None and message in BEGINS_PARCEL:
        # Local variables of a message that starts an event subprocess would belong to the whole process.
        variables["shipment_id"], scope = str(shipment_id), "processVariablesToTriggeredScope"
    elif shipment_id is not None:
        body["localCorrelationKeys"] = _strings({"shipment_id": str(shipment_id)})
    body[scope] = _strings(variables)
    if not post("/message", body):
        raise NoFlowWaits(f"No flow waits for {message}.", 400)


def scopes_of_parcel(process_instance_id: str, shipment_id: UUID) -> list[str]:
    """The activities of the instance, running or ended, that have this parcel as a variable of their own."""
    asked = {"variableName": "shipment_id", "variableValue": str(shipment_id), "deserializeValues": "false"}
    rows = get("/history/variable-instance", processInstanceId=process_instance_id, **asked)
    return [row["activityInstanceId"] for row in rows]


def _strings(values: dict[str, str]) -> dict[str, Any]:
    return {name: {"value": value, "type": "String"} for name, value in values.items()}


@repeat_on_conflict
def delete(process_instance_id: str) -> None:
    """Deletes a surplus instance. Does nothing if it no longer exists."""
    request = pycamunda.processinst.Delete(settings().engine_url, process_instance_id)
    request.session = session()
    try:
        request()
    except EngineNotFound:
        return
