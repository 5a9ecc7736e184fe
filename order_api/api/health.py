from threading import Lock
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from order_api.camunda import engine
from order_api.core import metrics
from order_api.core.database import transaction
from order_api.heartbeats.programs import programs
from order_api.outbox.backlog import backlog
from order_api.outbox.stuck import count_stuck

blueprint = Blueprint("health", __name__)
ENGINE_TIMEOUT = 2.0


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Answers as long as the process runs; checks nothing else."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, Any], int]:
    """Answers 503 only if the database fails. While the engine is down, the API still accepts orders.

    The processes of these orders start later.

    Also reports the state of the engine, each program's last heartbeat, and the unsent outbox rows.
    """
    try:
        with transaction() as session:
            session.execute(text("SELECT 1 FROM orders LIMIT 1"))
            reported = {
                "programs": programs(session),
                "outbox": backlog(session),
                "outbox_stuck": sum(count_stuck(session).values()),
            }
    except SQLAlchemyError as error:
        return {"status": "not_ready", "database": type(error).__name__}, 503
    return {"status": "ready", "database": "ok", "engine": engine_state.read(), **reported}, 200


class _EngineState:
    """One request at a time asks the engine; meanwhile the others get its last answer. An engine that is slow holds one
    thread, however many ask."""

    def __init__(self) -> None:
        self._asking, self._last = Lock(), "being asked"

    def read(self) -> str:
        if self._asking.acquire(blocking=False):
            try:
                self._last = _ask_engine()
            finally:
                self._asking.release()
        return self._last


engine_state = _EngineState()


def _ask_engine() -> str:
    try:
        engine.session().get(engine.url("/version"), timeout=ENGINE_TIMEOUT)
        return "ok"
    except engine.LoginRefused as refusal:
        return f"login refused: {refusal}"
    except engine.LoginLocked as lock:
        return f"login locked: {lock}"
    except engine.EngineError as error:
        return f"unavailable: {error}"[:200]


@blueprint.get("/metrics")
def prometheus() -> Response:
    return Response(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
