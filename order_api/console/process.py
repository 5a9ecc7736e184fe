"""A part of the order's page: where the order's own process stands, and those of subjects that belong to the order.

The browser loads this part separately, so a slow or stopped engine holds up nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Response

from order_api.camunda.engine import EngineError
from order_api.camunda.places import Place, places
from order_api.console import live
from order_api.console.order import REFRESHED_EVERY
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.settings import settings
from order_api.core.snapshot import snapshot
from order_api.orders import repository
from order_api.orders.models import Order
from order_api.progress.models import SubjectProcess
from order_api.progress.processes import processes_of_order

ENGINE_TIMEOUT = 2.0
"""Seconds for all calls to the engine about one process."""
RETRY_INTERVAL = 10
"""Seconds until an engine that did not answer is asked again: a waiting page holds a thread."""


@dataclass(frozen=True)
class Wait:
    """A place where a running process waits, and the names of the items that wait there."""

    name: str
    until: datetime | None
    items: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """`state` is not_started, unknown, ended or running."""

    process: SubjectProcess
    state: str
    waits: tuple[Wait, ...] = ()

    @property
    def cockpit(self) -> str | None:
        """The instance's page in Cockpit, which shows only running instances."""
        if self.state in ("not_started", "ended"):
            return None
        return f"{settings().cockpit_url}/#/process-instance/{self.process.process_instance_id}"


PAUSES = {"running": 5, "not_started": REFRESHED_EVERY, "unknown": RETRY_INTERVAL}
"""Seconds until the part is refreshed; a process that has ended needs no refresh."""


@blueprint.get("/orders/<uuid:order_id>/process")
def process(order_id: UUID) -> Response:
    with snapshot() as session:
        order = repository.get_with(session, visitor(session), order_id, Order.items)
        names = {item.id: item.name for item in order.items}
        order_processes = processes_of_order(session, order.id)
    standings = _standings(order_processes, names)
    seconds = max((PAUSES[each.state] for each in standings if each.state in PAUSES), default=None)
    part = "console/process.html"
    return live.show(live.FRAGMENT, part, place="process", seconds=seconds, standings=standings)


def _standings(order_processes: list[SubjectProcess], names: dict[UUID, str]) -> list[Standing]:
    """Stops asking the engine once it has failed to answer."""
    standings: list[Standing] = []
    for process in order_processes:
        is_away = any(standing.state == "unknown" for standing in standings)
        standings.append(_standing(process, names, is_away=is_away))
    return standings


def _standing(process: SubjectProcess, names: dict[UUID, str], *, is_away: bool) -> Standing:
    if process.process_instance_id is None:
        return Standing(process, "not_started")
    if is_away:
        return Standing(process, "unknown")
    try:
        found = places(process.process_instance_id, timeout=ENGINE_TIMEOUT)
    except (EngineError, ValueError):
        # ValueError: something answered in the engine's place, and not in JSON.
        return Standing(process, "unknown")
    return Standing(process, "running" if found else "ended", tuple(_waits(found, names)))


def _waits(found: list[Place], names: dict[UUID, str]) -> Iterator[Wait]:
    """Groups the items that wait at the same place."""
    items: dict[tuple[str, datetime | None], list[str]] = {}
    for place in found:
        here = items.setdefault((place.name, place.until), [])
        if place.item_id in names:
            here.append(names[place.item_id])
    for (name, until), waiting in items.items():
        yield Wait(name, until, tuple(waiting))
