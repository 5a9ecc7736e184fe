"""A fact may be stated before the flow has reached the place that waits for it; the flow is now a step nearer."""

import structlog
from camunda.external_task.external_task import ExternalTask
from sqlalchemy.exc import SQLAlchemyError

from order_api.core.database import single_statement
from order_api.outbox import deliver
from workers.runtime.task import Task

log = structlog.get_logger()


def wake_messages(raw: ExternalTask) -> None:
    """Only saves time: the outbox tries again by itself, after pauses that grow."""
    task = Task.of(raw)
    try:
        with single_statement() as session:
            deliver.make_messages_due(session, task.business_key, task.item_id)
    except SQLAlchemyError as error:
        log.warning("messages_not_woken", error=type(error).__name__)
