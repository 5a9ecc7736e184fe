"""Work one task from take-up to report. Dying at any line is harmless: the task comes again and finds what is done."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from camunda.external_task.external_task import ExternalTask, TaskResult
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from order_api.access.actor import system
from order_api.camunda import processes
from order_api.camunda.engine import EngineUnavailable
from order_api.camunda.names import Process, Property
from order_api.cancellations.cancel import announce_cancel_again
from order_api.core import metrics
from order_api.core.database import single_statement, transaction
from order_api.core.errors import NotYet, OutsideSystemUnavailable, ServiceError
from order_api.orders.errors import CancelRequested, OrderNotFound
from order_api.progress.bind import bind_process
from order_api.progress.update_status import StatusWish, update_status
from workers.runtime.registry import OF_THE_MODEL, Handler
from workers.runtime.report import word_of
from workers.runtime.task import Task, TaskUnreadable

log = structlog.get_logger()

OUR_DATABASE_DOWN_PAUSE = 2.0


def execute(raw: ExternalTask, handlers: Mapping[str, Handler]) -> TaskResult | None:
    """The result to report, or None when nothing is to be said: the task is not ours to finish."""
    try:
        task = Task.of(raw)
    except TaskUnreadable as error:
        return TaskResult.failure(raw, str(error), "", retries=0, retry_timeout=0)
    ids = {"order_id": str(task.order_id), "topic": task.topic, "process_instance_id": task.process_instance_id}
    with structlog.contextvars.bound_contextvars(**ids, task_id=task.id):
        result = _classified(task, lambda: _work(task, handlers[task.topic]))
        log.info("task_worked", result="left" if result is None else word_of(result))
        return result


def _work(task: Task, handler: Handler) -> TaskResult | None:
    if task.process_key == Process.ORDER_SUBMIT and not _is_bound(task):
        return None
    _show_status(task, "entry", Property.ORDER_STATUS, Property.ITEM_STATUS)
    try:
        variables = handler.handle(**_arguments(task, handler))
    except ServiceError as error:
        if error.code not in handler.throws:
            raise
        return task.raw.bpmn_error(error.code, error.detail)
    _show_status(task, "after", Property.ORDER_STATUS_AFTER, Property.ITEM_STATUS_AFTER)
    return task.raw.complete(dict(variables or {}))


def _is_bound(task: Task) -> bool:
    with single_statement() as session:
        if bind_process(session, task.order_id, task.process_instance_id):
            return True
    log.warning("twin_process_deleted")
    metrics.twins_total.inc()
    processes.delete(task.process_instance_id)
    return False


def _arguments(task: Task, handler: Handler) -> dict[str, Any]:
    if handler.needs_item and task.item_id is None:
        raise TaskUnreadable("This task is about one item and has no variable item_id.")
    given: dict[str, Any] = {
        "actor": system(task.topic),
        "order_id": task.order_id,
        "item_id": task.item_id,
        "task_id": task.id,
        "process_instance_id": task.process_instance_id,
        "activity_id": task.activity_id,
    }
    for name in handler.parameters:
        if name in OF_THE_MODEL:
            given[name] = task.properties.get(OF_THE_MODEL[name])
        elif name not in given:
            given[name] = task.variables.get(name)
    return {name: given[name] for name in handler.parameters}


def _show_status(task: Task, phase: str, order_property: Property, item_property: Property) -> None:
    order_status, item_status = task.properties.get(order_property), task.properties.get(item_property)
    if not order_status and not item_status:
        return
    category = task.properties.get(Property.STATUS_CATEGORY)
    wish = StatusWish(task.id, phase, order_status, item_status, task.item_id, category)
    with transaction() as session:
        update_status(session, system(task.topic), task.order_id, wish)


def _classified(  # noqa: C901, PLR0911, PLR0912 - one branch per kind of trouble, to be read as a table
    task: Task, work: Callable[[], TaskResult | None]
) -> TaskResult | None:
    """Every way a task can go wrong, and what the engine is told about it."""
    try:
        return work()
    except CancelRequested:
        announce_cancel_again(system(task.topic), task.order_id)
        log.info("task_left_to_the_cancellation")
        return None
    except NotYet as wait:
        return _failure(task, str(wait), retries=max(task.retries_left, 1), pause=wait.seconds)
    except (OperationalError, PoolTimeout) as error:
        return _failure(
            task, f"Our database: {type(error).__name__}", max(task.retries_left, 1), OUR_DATABASE_DOWN_PAUSE
        )
    except (OutsideSystemUnavailable, EngineUnavailable) as error:
        return _failure(task, str(error), task.retries_left - 1, task.pause())
    except TaskUnreadable as error:
        return _failure(task, str(error), retries=0, pause=0)
    except OrderNotFound as error:
        return _failure(task, error.detail, retries=0, pause=0)
    except ServiceError as error:
        log.error("task_refused", code=error.code)  # noqa: TRY400 - a refusal, no bug
        return _failure(task, f"{error.code}: {error.detail}", retries=0, pause=0)
    except DBAPIError as error:
        if error.connection_invalidated:
            return _failure(task, "Our database went away.", max(task.retries_left, 1), OUR_DATABASE_DOWN_PAUSE)
        return _bug(task, error)
    except Exception as error:  # noqa: BLE001 - the engine must hear of everything
        return _bug(task, error)


def _bug(task: Task, error: Exception) -> TaskResult:
    log.exception("task_failed")
    return _failure(task, f"{type(error).__name__}: {error}", task.retries_left - 1, task.pause())


def _failure(task: Task, message: str, retries: int, pause: float) -> TaskResult:
    return TaskResult.failure(task.raw, message, "", max(0, retries), int(pause * 1000))
