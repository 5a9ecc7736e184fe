"""What each group may do in the engine: as little as its work needs, found by trying one grant after the other."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from order_api.camunda.engine import get, post, session, url
from order_api.camunda.filters import QUEUES
from order_api.camunda.names import Decision, Group, Process

GRANT = 1
"""The engine's number for an authorization that allows."""


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


def rights(queue_ids: dict[str, str]) -> list[Right]:
    """`queue_ids`: name and engine id of each queue."""
    return [*_queue_rights(queue_ids), *_operator_rights()]


def _queue_rights(queue_ids: dict[str, str]) -> list[Right]:
    seen = [
        Right(group, Resource.FILTER, queue_ids[queue.name], frozenset({"READ"}))
        for queue in QUEUES
        for group in queue.groups
    ]
    # READ_INSTANCE shows the order's number on the cards; the tasks themselves the engine grants to their candidates.
    work = [
        right
        for group in (Group.CSR_ASSOCIATE, Group.CSR_ADMIN, Group.STORE_OPERATOR)
        for right in (
            Right(group, Resource.APPLICATION, "tasklist", frozenset({"ACCESS"})),
            *(Right(group, Resource.PROCESS_DEFINITION, key, frozenset({"READ", "READ_INSTANCE"})) for key in Process),
        )
    ]
    return [*seen, *work]


def _operator_rights() -> list[Right]:
    """An operator sees everything and repairs instances; whoever may deploy could run code, so nobody of ours may."""
    instances = frozenset({"READ", "READ_INSTANCE", "READ_HISTORY", "UPDATE_INSTANCE"})
    return [
        Right(Group.OPERATOR, Resource.APPLICATION, "cockpit", frozenset({"ACCESS"})),
        *(Right(Group.OPERATOR, Resource.PROCESS_DEFINITION, key, instances) for key in Process),
        *(Right(Group.OPERATOR, Resource.DECISION_DEFINITION, key, frozenset({"READ"})) for key in Decision),
    ]


def ensure(right: Right) -> None:
    """Grants what is missing and takes nothing away. One row per group and resource: a second one is an HTTP 500."""
    known = get(
        "/authorization",
        type=GRANT,
        groupIdIn=right.group,
        resourceType=int(right.resource),
        resourceId=right.of,
    )
    if not known:
        post("/authorization/create", _row(right, right.permissions))
    elif not _covers(known[0]["permissions"], right):
        session().put(
            url(f"/authorization/{known[0]['id']}"), json=_row(right, right.permissions.union(known[0]["permissions"]))
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
