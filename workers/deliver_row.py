"""Send one outbox row and say what came of it. A death before that is written down sends it again: no harm (J1, J2)."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.camunda import processes
from order_api.camunda.engine import EngineError, EngineUnavailable
from order_api.camunda.processes import NoFlowWaits
from order_api.core import metrics
from order_api.core.database import single_statement, transaction
from order_api.core.errors import NotYet, OutsideSystemUnavailable, ServiceError
from order_api.integrations.mail.port import MailRefused
from order_api.outbox import claims
from order_api.outbox.claims import SendResult
from order_api.outbox.models import OutboxRow, RowKind, RowState
from order_api.progress.processes import bound_instance, mark_ended
from workers.senders import senders

log = structlog.get_logger()
MAX_PAUSE_WITHOUT_ENGINE = 2.0
MIN_TRIES_BEFORE_ASKING = 4
"""Most waits are reached within a few seconds. The engine's history is asked for the others only."""
WORDS = {
    RowState.DELIVERED: "delivered",
    RowState.DROPPED: "dropped",
    RowState.PENDING: "later",
    RowState.GIVEN_UP: "given_up",
}


def deliver_row(row: OutboxRow) -> SendResult:
    ids = {"subject": row.subject, "request_id": row.request_id, "row_id": row.id, "row_name": row.name}
    with structlog.contextvars.bound_contextvars(**ids):
        answer = _send(row)
        word = WORDS[answer.state]
        is_news = answer.state != RowState.PENDING or row.attempts <= 1
        (log.info if is_news else log.debug)("outbox_row_sent", kind=row.kind, result=word)
        metrics.outbox_sent_total.labels(row.kind, word).inc()
        return answer


def _send(row: OutboxRow) -> SendResult:  # noqa: PLR0911 - one branch per kind of trouble, to be read as a table
    try:
        senders()[RowKind(row.kind)](row)
    except NoFlowWaits as waiting_for:
        return _drop_or_wait(row, waiting_for)
    except MailRefused as refused:
        return claims.dropped(row, str(refused))
    except EngineUnavailable as error:
        return claims.later(row, str(error), MAX_PAUSE_WITHOUT_ENGINE)
    except (OutsideSystemUnavailable, NotYet, ServiceError) as error:
        return claims.later(row, str(error))
    except EngineError as error:
        log.warning("engine_refused", error=str(error)[:300], status=error.status)
        return claims.later(row, str(error))
    except Exception as error:
        log.exception("outbox_row_failed")
        return claims.later(row, f"{type(error).__name__}: {error}")
    return claims.delivered(row)


def _drop_or_wait(row: OutboxRow, waiting_for: NoFlowWaits) -> SendResult:
    """The wait may not be reached yet; when the process of this subject has come to its end, it never will be.

    A process that was deleted has not come to its end: an operator starts it anew.
    """
    try:
        ended = row.attempts >= MIN_TRIES_BEFORE_ASKING and _has_ended(row)
    except (EngineError, SQLAlchemyError):
        ended = False
    if not ended:
        return claims.later(row, str(waiting_for))
    return claims.dropped(row, f"{row.process} of {row.subject} has ended.")


def _has_ended(row: OutboxRow) -> bool:
    known = processes.find(row.process or "", row.subject)
    if any(instance.is_running for instance in known):
        return False
    with single_statement() as session:
        bound = bound_instance(session, row.subject, row.process or "")
    if bound is None or not any(instance.is_completed and instance.id == bound for instance in known):
        return False
    with transaction() as session:
        return mark_ended(session, row.subject, row.process or "", bound)
