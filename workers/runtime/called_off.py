"""What becomes of an ordinary task whose order was called off: the cancellation ends it."""

import structlog

from order_api.access.actor import system_actor
from order_api.cancellations.cancel import announce_cancel_again
from order_api.core.database import transaction
from order_api.progress.processes import processes_of
from workers.runtime.task import Task

log = structlog.get_logger()

PAUSE = 5.0
"""Seconds; the cancellation usually arrives within them."""


def leave_to_cancellation(task: Task) -> int:
    """Sends the cancellation again if the process may have missed it. Returns the retries that the task keeps: if no
    cancellation is on its way, they run out and the task becomes an incident."""
    is_on_its_way = _announce_again(task)
    log.info("task_left_to_the_cancellation", is_on_its_way=is_on_its_way)
    return max(task.retries_left, 1) if is_on_its_way else task.retries_left - 1


def _announce_again(task: Task) -> bool:
    """Sends the cancellation again to an order's process that may not have received it, for example after a restart.
    False if the process has received it and its task is merely late."""
    with transaction() as session:
        actor = system_actor(task.topic)
        return any(
            announce_cancel_again(session, actor, process.order_id, process.started_at)
            for process in processes_of(session, task.business_key)
            if process.subject.is_order
        )
