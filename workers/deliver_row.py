"""Send one outbox row and say what came of it. A death before that is written down sends it again: no harm (J1, J2)."""

from collections.abc import Callable
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from order_api.access.actor import system_actor
from order_api.camunda import processes
from order_api.camunda.engine import EngineError, EngineUnavailable
from order_api.camunda.processes import NoFlowWaits
from order_api.core import metrics
from order_api.core.database import single_statement, transaction
from order_api.core.errors import NotYet, OutsideSystemUnavailable, ServiceError
from order_api.core.outside import run
from order_api.integrations.mail.port import MailRefused
from order_api.notifications.send import SendNotification
from order_api.outbox import claims
from order_api.outbox.claims import SendResult
from order_api.outbox.models import Kind, OutboxRow, State
from order_api.payments.void import VoidPayment
from order_api.progress.processes import bound_instance, mark_ended
from order_api.reservations.serve_backorders import serve_more_backorders
from order_api.reservations.take import take_stock

log = structlog.get_logger()
RELAY = system_actor("relay")
MAX_PAUSE_WITHOUT_ENGINE = 2.0
MIN_TRIES_BEFORE_ASKING = 4
"""Most waits are reached within a few seconds. The engine's history is asked for the others only."""
WORDS = {
    State.DELIVERED: "delivered",
    State.DROPPED: "dropped",
    State.PENDING: "later",
    State.GIVEN_UP: "given_up",
}


def deliver_row(row: OutboxRow) -> SendResult:
    ids = {"subject": row.subject, "request_id": row.request_id, "row_id": row.id, "row_name": row.name}
    with structlog.contextvars.bound_contextvars(**ids):
        answer = _send(row)
        word = WORDS[answer.state]
        is_news = answer.state != State.PENDING or row.attempts <= 1
        (log.info if is_news else log.debug)("outbox_row_sent", kind=row.kind, result=word)
        metrics.outbox_sent_total.labels(row.kind, word).inc()
        return answer


def _send(row: OutboxRow) -> SendResult:  # noqa: PLR0911 - one branch per kind of trouble, to be read as a table
    try:
        SENDERS[Kind(row.kind)](row)
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


def _start(row: OutboxRow) -> None:
    """After a lost answer, looks in the engine's history first. An instance still being started is not there yet; then
    the binding (J2) refuses the second one. If all known instances have ended and none was bound, an operator deleted
    them: starts a new one."""
    known = processes.find(row.name, row.subject) if row.attempts > 1 else []
    if any(instance.is_running for instance in known) or (known and _bound(row)):
        return
    processes.start(row.name, row.subject, row.payload)


def _bound(row: OutboxRow) -> str | None:
    with single_statement() as session:
        return bound_instance(session, row.subject, row.process or row.name)


def _message(row: OutboxRow) -> None:
    processes.correlate(row.name, row.subject, row.item_id, str(row.id))


def _mail(row: OutboxRow) -> None:
    refusal = run(SendNotification(RELAY, UUID(row.payload["notification_id"]))).final_refusal
    if refusal:
        raise MailRefused(refusal)


def _take_stock(row: OutboxRow) -> None:
    with transaction() as session:
        take_stock(session, RELAY, UUID(row.payload["order_id"]), UUID(row.payload["shipment_id"]))


def _serve_backorders(row: OutboxRow) -> None:
    with transaction() as session:
        serve_more_backorders(session, row.payload["sku"])


def _void_payment(row: OutboxRow) -> None:
    story = VoidPayment(RELAY, UUID(row.payload["order_id"]), f"outbox {row.id} try {row.attempts}")
    if refusal := run(story).refusal:
        raise refusal


SENDERS: dict[Kind, Callable[[OutboxRow], None]] = {
    Kind.START: _start,
    Kind.MESSAGE: _message,
    Kind.MAIL: _mail,
    Kind.TAKE_STOCK: _take_stock,
    Kind.SERVE_BACKORDERS: _serve_backorders,
    Kind.VOID_PAYMENT: _void_payment,
}


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
    bound = _bound(row)
    if bound is None or not any(instance.is_completed and instance.id == bound for instance in known):
        return False
    with transaction() as session:
        return mark_ended(session, row.subject, row.process or "", bound)
