"""Where the processes of an order stand, its own and those of what belongs to it: a part of the order's page.

The engine is asked apart from the order, so that an engine that is slow or down holds up nothing else.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import Response

from order_api.camunda.engine import EngineError
from order_api.camunda.processes import activity_names
from order_api.console import live
from order_api.console.order import REFRESHED_EVERY
from order_api.console.site import blueprint
from order_api.console.visitor import visitor
from order_api.core.settings import settings
from order_api.core.snapshot import snapshot
from order_api.orders import repository
from order_api.progress.models import SubjectProcess
from order_api.progress.processes import processes_of_order

ENGINE_TIMEOUT = 2.0
RETRY_INTERVAL = 10
"""Seconds until an engine that did not answer is asked again: a waiting page holds a thread."""


@dataclass(frozen=True)
class Standing:
    """`state` is not_started, unknown, ended or running. `waits` names the places where a running process waits."""

    process: SubjectProcess
    state: str
    waits: tuple[str, ...] = ()

    @property
    def cockpit(self) -> str | None:
        """Cockpit shows instances that run."""
        if self.state in ("not_started", "ended"):
            return None
        return f"{settings().cockpit_url}/#/process-instance/{self.process.process_instance_id}"


PAUSES = {"running": REFRESHED_EVERY, "not_started": REFRESHED_EVERY, "unknown": RETRY_INTERVAL}
"""Seconds until the part is refreshed; a process that has ended needs no refresh."""


@blueprint.get("/orders/<uuid:order_id>/process")
def process(order_id: UUID) -> Response:
    with snapshot() as session:
        order = repository.get_with(session, visitor(session), order_id)
        order_processes = processes_of_order(session, order.id)
    standings = _standings(order_processes)
    seconds = max((PAUSES[each.state] for each in standings if each.state in PAUSES), default=None)
    part = "console/process.html"
    return live.show(live.FRAGMENT, part, place="process", seconds=seconds, standings=standings)


def _standings(order_processes: list[SubjectProcess]) -> list[Standing]:
    """After the first question without an answer the engine is asked no more."""
    standings: list[Standing] = []
    for process in order_processes:
        is_away = any(standing.state == "unknown" for standing in standings)
        standings.append(_standing(process, is_away=is_away))
    return standings


def _standing(process: SubjectProcess, *, is_away: bool) -> Standing:
    if process.process_instance_id is None:
        return Standing(process, "not_started")
    if is_away:
        return Standing(process, "unknown")
    try:
        waits = activity_names(process.process_instance_id, timeout=ENGINE_TIMEOUT)
    except (EngineError, ValueError):
        # ValueError: something answered in the engine's place, and not in JSON.
        return Standing(process, "unknown")
    return Standing(process, "running" if waits else "ended", tuple(waits))
