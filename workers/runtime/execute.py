"""Executes one task and returns the result to report. A crash at any line is harmless: the engine hands the task out
again, and the story finds what is already done."""

from collections.abc import Callable, Mapping

import structlog
from camunda.external_task.external_task import ExternalTask, TaskResult
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from order_api.camunda import processes
from order_api.camunda.engine import EngineUnavailable
from order_api.core import metrics
from order_api.core.errors import NotYet, OutsideSystemUnavailable, ServiceError
from order_api.orders.errors import CalledOff, OrderNotFound
from workers.runtime import called_off
from workers.runtime.registry import Handler
from workers.runtime.report import word_of
from workers.runtime.task import Task, TaskUnreadable
from workers.runtime.transactions import TaskOutdated, TwinProcess, in_one_transaction, in_several_transactions

log = structlog.get_logger()

OUR_DATABASE_DOWN_PAUSE = 2.0


def execute(raw: ExternalTask, handlers: Mapping[str, Handler]) -> TaskResult | None:
    """The result to report. None reports nothing, because the task is not ours to finish."""
    try:
        task = Task.of(raw)
    except TaskUnreadable as error:
        return TaskResult.failure(raw, str(error), "", retries=0, retry_timeout=0)
    ids = {"business_key": task.business_key, "topic": task.topic, "process_instance_id": task.process_instance_id}
    with structlog.contextvars.bound_contextvars(**ids, task_id=task.id):
        result = _answer_of(task, lambda: _work(task, handlers[task.topic]))
        log.info("task_worked", result="left" if result is None else word_of(result))
        return result


def _work(task: Task, handler: Handler) -> TaskResult | None:
    """If the story returns a refusal, its writes are committed. If it raises one, they are rolled back; only the
    binding and the entry status are then committed."""
    work = in_one_transaction if handler.takes_session else in_several_transactions
    try:
        answer = work(task, handler)
    except CalledOff as fact:
        return _failure(task, fact.detail, called_off.leave_to_cancellation(task), called_off.PAUSE)
    except ServiceError as refusal:
        answer = refusal
    except TaskOutdated:
        log.warning("task_of_a_lost_process_left")
        return None
    except TwinProcess:
        _delete_twin(task)
        return None
    if not isinstance(answer, ServiceError):
        return task.raw.complete(dict(answer or {}))
    if answer.code not in handler.throws:
        raise answer
    return task.raw.bpmn_error(answer.code, answer.detail)


def _delete_twin(task: Task) -> None:
    log.warning("twin_process_deleted")
    with metrics.uncounted_if_it_fails():
        metrics.twins_total.inc()
    processes.delete(task.process_instance_id)


def _answer_of(  # noqa: C901, PLR0911 - one branch per kind of trouble, to be read as a table
    task: Task, work: Callable[[], TaskResult | None]
) -> TaskResult | None:
    """Maps each way a task can fail to the failure that the engine gets."""
    try:
        return work()
    except NotYet as wait:
        return _failure(task, str(wait), retries=max(task.retries_left, 1), pause=wait.seconds)
    except OperationalError as error:
        # A statement that always exceeds its time limit must become an incident in the end.
        return _bug(task, error) if isinstance(error.orig, QueryCanceled) else _database_down(task, error)
    except PoolTimeout as error:
        return _database_down(task, error)
    except (OutsideSystemUnavailable, EngineUnavailable) as error:
        return _failure(task, str(error), task.retries_left - 1, task.pause())
    except (TaskUnreadable, OrderNotFound) as error:
        return _failure(task, str(error), retries=0, pause=0)
    except ServiceError as error:
        log.error("task_refused", code=error.code)  # noqa: TRY400 - a refusal, no bug
        return _failure(task, f"{error.code}: {error.detail}", retries=0, pause=0)
    except DBAPIError as error:
        return _database_down(task, error) if error.connection_invalidated else _bug(task, error)
    except Exception as error:  # noqa: BLE001 - the engine must hear of everything
        return _bug(task, error)


def _database_down(task: Task, error: Exception) -> TaskResult:
    """Uses up none of the task's tries."""
    message = f"Our database: {type(error).__name__}"
    return _failure(task, message, max(task.retries_left, 1), OUR_DATABASE_DOWN_PAUSE)


def _bug(task: Task, error: Exception) -> TaskResult:
    log.exception("task_failed")
    return _failure(task, f"{type(error).__name__}: {error}", task.retries_left - 1, task.pause())


def _failure(task: Task, message: str, retries: int, pause: float) -> TaskResult:
    return TaskResult.failure(task.raw, message, "", max(0, retries), int(pause * 1000))
