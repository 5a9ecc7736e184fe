"""What each group may do in the engine: the minimum its work needs, found by trying one grant after the other."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from order_api.camunda.engine import get, post, session, url
from order_api.camunda.filters import QUEUES
from order_api.camunda.model_files import ModelFolder
from order_api.camunda.names import TASKLIST_GROUPS, Group

GRANT = 1
"""The engine's authorization type for a grant."""


class Resource(IntEnum):
    APPLICATION = 0
    FILTER = 5
    PROCESS_DEFINITION = 6
    DECISION_DEFINITION = 10


@dataclass(frozen=True)
class Right:
    group: Group
    resource: Resource
    of: str
    permissions: frozenset[str]


SEES = frozenset({"READ", "READ_INSTANCE"})
"""READ_INSTANCE shows the order number on the cards. The engine itself grants tasks to their candidate groups."""
# TASK_ASSIGN moves a task from one person to another, who need not belong to a candidate group.
IN_PROCESSES = {
    **dict.fromkeys(TASKLIST_GROUPS, SEES),
    Group.CSR_ADMIN: SEES | {"TASK_ASSIGN"},
    Group.OPERATOR: SEES | {"READ_HISTORY", "UPDATE_INSTANCE", "READ_TASK", "TASK_ASSIGN"},
}
APPLICATIONS = {**dict.fromkeys(TASKLIST_GROUPS, "tasklist"), Group.OPERATOR: "cockpit"}


def rights(queue_ids: dict[str, str], models: ModelFolder) -> list[Right]:
    """`queue_ids` maps queue names to engine ids. `models` may include models that a designer added.

    Operators see everything and repair instances. Deploying allows running code, so none of our groups may deploy.
    """
    read, access = frozenset({"READ"}), frozenset({"ACCESS"})
    decisions, processes = sorted(models.keys_of_decisions()), sorted(models.keys_of_processes())
    return [
        *(Right(group, Resource.APPLICATION, name, access) for group, name in APPLICATIONS.items()),
        *(Right(group, Resource.FILTER, queue_ids[queue.name], read) for queue in QUEUES for group in queue.groups),
        *(Right(Group.OPERATOR, Resource.DECISION_DEFINITION, key, read) for key in decisions),
        *(
            Right(group, Resource.PROCESS_DEFINITION, key, permissions)
            for key in processes
            for group, permissions in IN_PROCESSES.items()
        ),
    ]


def ensure(right: Right) -> None:
    """Adds missing permissions and removes none.

    Extends a row that exists, because the engine answers HTTP 500 to a second row for the same group and resource.
    """
    existing = get(
        "/authorization",
        type=GRANT,
        groupIdIn=right.group,
        resourceType=int(right.resource),
        resourceId=right.of,
    )
    if not existing:
        post("/authorization/create", _row(right, right.permissions))
    elif not _covers(existing[0]["permissions"], right):
        session().put(
            url(f"/authorization/{existing[0]['id']}"),
            json=_row(right, right.permissions.union(existing[0]["permissions"])),
        )


def _covers(permissions: list[str], right: Right) -> bool:
    return "ALL" in permissions or right.permissions.issubset(permissions)


def _row(right: Right, permissions: frozenset[str]) -> dict[str, Any]:
    return {
        "type": GRANT,
        "permissions": sorted(permissions),
        "groupId": right.group,
        "resourceType": int(right.resource),
        "resourceId": right.of,
    }
