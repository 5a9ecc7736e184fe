"""Where a running process and its item flows wait: the names of these steps in the models."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from order_api.camunda.engine import EngineNotFound, EngineUnavailable, session, url

CONTAINERS = frozenset({"subProcess", "multiInstanceBody"})
CALL, TIMER = "callActivity", "intermediateTimer"
MAX_CALLED = 10
"""At most this many called flows are looked up, because each costs a call to the engine."""


@dataclass(frozen=True)
class Place:
    """`until` is when a timer will end the wait by itself. `item_id` is set in the flow of an item."""

    name: str
    until: datetime | None = None
    item_id: UUID | None = None


@dataclass(frozen=True)
class Engine:
    """Asks the engine until `deadline`, a time of the monotonic clock."""

    deadline: float

    def get(self, path: str, **parameters: str) -> Any:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise EngineUnavailable("The engine was too slow.")
        return session().get(url(path), params=parameters, timeout=remaining).json()

    def leaves_of(self, instance_id: str) -> list[dict[str, Any]]:
        try:
            tree = self.get(f"/process-instance/{instance_id}/activity-instances")
        except EngineNotFound:
            return []
        leaves = list(_leaves(tree))
        # A finished loop leaves an empty body that waits for its siblings; nothing happens there.
        return [leaf for leaf in leaves if leaf["activityType"] not in CONTAINERS] or leaves

    def called(self, instance_id: str) -> dict[str, UUID | None]:
        """The running flows that the instance calls, directly or not, each with its item."""
        running = self.get("/history/process-instance", rootProcessInstanceId=instance_id, unfinished="true")
        ids = [row["id"] for row in running if row["id"] != instance_id]
        if not ids:
            return {}
        asked = {"processInstanceIdIn": ",".join(ids), "variableName": "item_id", "deserializeValues": "false"}
        rows = self.get("/variable-instance", **asked)
        # A task may have a variable of the same name.
        of_flows = {row["processInstanceId"]: row["value"] for row in rows if row["activityInstanceId"] in ids}
        return {called_id: _uuid(of_flows.get(called_id)) for called_id in ids}

    def due(self, leaf: dict[str, Any]) -> datetime | None:
        asked = {"processInstanceId": leaf["processInstanceId"], "activityId": leaf["activityId"], "timers": "true"}
        jobs = self.get("/job", **asked)
        return datetime.fromisoformat(jobs[0]["dueDate"]) if jobs else None


def places(instance_id: str, timeout: float) -> list[Place]:
    """The places where the instance waits, then those of its item flows; empty when it has ended. `timeout` is in
    seconds, for all calls together.

    With more than MAX_CALLED flows, the list also has the step that calls them.
    """
    engine = Engine(time.monotonic() + timeout)
    own = engine.leaves_of(instance_id)
    called = engine.called(instance_id) if any(leaf["activityType"] == CALL for leaf in own) else {}
    found: list[tuple[dict[str, Any], UUID | None]] = []
    for called_id, item_id in list(called.items())[:MAX_CALLED]:
        found += [(leaf, item_id) for leaf in engine.leaves_of(called_id) if leaf["activityType"] != CALL]
    # If the called flows end between these calls to the engine, only the step that called them is left to show.
    shows_called_flows = bool(found) and len(called) <= MAX_CALLED
    found += [(leaf, None) for leaf in own if leaf["activityType"] != CALL or not shows_called_flows]
    here = {_place(engine, leaf, item_id) for leaf, item_id in found}
    return sorted(here, key=lambda place: (place.item_id is not None, place.name, str(place.item_id)))


def _place(engine: Engine, leaf: dict[str, Any], item_id: UUID | None) -> Place:
    name = leaf.get("activityName") or leaf["activityId"]
    return Place(name, engine.due(leaf) if leaf["activityType"] == TIMER else None, item_id)


def _uuid(value: Any) -> UUID | None:
    """None for text that is no UUID: people who work in queues can set variables."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _leaves(activity: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inner = [*activity.get("childActivityInstances", []), *activity.get("childTransitionInstances", [])]
    if not inner:
        yield activity
    for child in inner:
        yield from _leaves(child)
