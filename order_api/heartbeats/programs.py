from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.heartbeats.models import Heartbeat, Program

SILENT_AFTER = timedelta(seconds=45)
"""Longer than a worker's longest round (a poll that times out) plus the time to the next beat."""


def programs(session: Session) -> dict[str, dict[str, Any]]:
    """Each program by name: `up` or `silent`, how many instances are up, and how long ago one was last seen."""
    now = clock.now()
    up = func.count().filter(Heartbeat.seen_at > now - SILENT_AFTER)
    query = select(Heartbeat.program, up, func.max(Heartbeat.seen_at)).group_by(Heartbeat.program)
    states = {
        program: (running, (now - seen_at).total_seconds()) for program, running, seen_at in session.execute(query)
    }
    return {str(program): _state(*states.get(program, (0, None))) for program in Program}


def _state(running: int, seconds: float | None) -> dict[str, Any]:
    ago = None if seconds is None else round(max(0.0, seconds), 1)
    return {"state": "up" if running else "silent", "running": running, "seen_seconds_ago": ago}
