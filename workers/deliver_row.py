"""Sends one outbox row and returns the result. If the relay dies before it records the result, a relay sends the row
again, which does no harm (J1, J2)."""

import structlog

from order_api.camunda.engine import EngineError, EngineUnavailable
from order_api.core import metrics
from order_api.core.errors import NotYet, OperatorNeeded, OutsideSystemUnavailable, RefusedForGood, ServiceError
from order_api.outbox.claims import SendResult
from order_api.outbox.models import OutboxRow, RowKind, RowState
from workers.senders import senders

log = structlog.get_logger()
MAX_PAUSE_WITHOUT_ENGINE = 2.0
WORDS = {
    RowState.DELIVERED: "delivered",
    RowState.DROPPED: "dropped",
    RowState.PENDING: "later",
    RowState.GIVEN_UP: "given_up",
}


def deliver_row(row: OutboxRow) -> SendResult:
    ids = {"business_key": row.business_key, "request_id": row.request_id, "row_id": row.id, "row_name": row.name}
    with structlog.contextvars.bound_contextvars(**ids):
        answer = _send(row)
        word = WORDS[answer.state]
        is_news = answer.state != RowState.PENDING or row.attempts <= 1
        (log.info if is_news else log.debug)("outbox_row_sent", kind=row.kind, result=word)
        with metrics.uncounted_if_it_fails():
            metrics.outbox_sent_total.labels(row.kind, word).inc()
        return answer


def _send(row: OutboxRow) -> SendResult:  # noqa: PLR0911 - one branch per kind of trouble, to be read as a table
    try:
        senders()[RowKind(row.kind)](row)
    except RefusedForGood as refused:
        return SendResult.dropped(row, refused.detail)
    except OperatorNeeded as refused:
        return SendResult.given_up(row, refused.detail)
    except EngineUnavailable as error:
        return SendResult.later(row, str(error), MAX_PAUSE_WITHOUT_ENGINE)
    except (OutsideSystemUnavailable, NotYet, ServiceError) as error:
        return SendResult.later(row, str(error))
    except EngineError as error:
        log.warning("engine_refused", error=str(error)[:300], status=error.status)
        return SendResult.later(row, str(error))
    except Exception as error:
        log.exception("outbox_row_failed")
        return SendResult.later(row, f"{type(error).__name__}: {error}")
    return SendResult.delivered(row)
