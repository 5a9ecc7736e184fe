"""Retries waiting messages after a task: the flow may now have reached the wait for a fact recorded earlier."""

import structlog
from camunda.external_task.external_task import ExternalTask
from sqlalchemy.exc import SQLAlchemyError

from order_api.core.database import single_statement
from order_api.outbox import claims
from workers.runtime.task import Task

log = structlog.get_logger()


def wake_messages(raw: ExternalTask) -> None:
    """Only saves time: the outbox also retries by itself, with growing pauses."""
    task = Task.of(raw)
    try:
        with single_statement() as session:
            claims.make_messages_due(session, task.business_key, task.item_id)
    except SQLAlchemyError as error:
        log.warning("messages_not_woken", error=type(error).__name__)
