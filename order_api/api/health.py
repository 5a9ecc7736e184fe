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
    return {"status": "ready", "database": "ok", "engine": _engine_state(), **reported}, 200


def _engine_state() -> str:
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
