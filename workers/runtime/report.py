"""Reports the result of a task to the engine. Our database already has the facts, so a lost report only costs time."""

import structlog
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_executor import ExternalTaskExecutor
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from order_api.camunda.engine import EngineError, EngineNotFound, EngineRejected, EngineUnavailable
from workers.runtime.task import Task, TaskUnreadable

log = structlog.get_logger()

REPORT_TIMEOUT = 15.0
REPORTED = frozenset({"completed", "bpmn_error"})
NOT_OURS = "locked by worker"
"""The engine answers 400 for many reasons; this text means that another worker holds the task."""
UNCAUGHT = "Propagation of bpmn error"


class Reporter:
    def __init__(self, executor: ExternalTaskExecutor) -> None:
        self.executor = executor

    def report(self, raw: ExternalTask, result: TaskResult) -> str:
        """Returns one word for the metrics: the reported result, or why it was not reported."""
        try:
            self._send(raw, result)
            return word_of(result)
        except EngineNotFound:
            return "gone"
        except EngineUnavailable:
            log.warning("report_lost")
            return "lost"
        except EngineError as error:
            if isinstance(error, EngineRejected) and NOT_OURS in str(error):
                return "taken_by_another"
            return self._report_refusal(raw, result, error)

    @retry(
        retry=retry_if_exception_type(EngineUnavailable),
        wait=wait_random_exponential(multiplier=0.2, max=3),
        stop=stop_after_delay(REPORT_TIMEOUT),
        reraise=True,
    )
    def _send(self, raw: ExternalTask, result: TaskResult) -> None:
        self.executor.execute_task(raw, lambda _: result)

    def _report_refusal(self, raw: ExternalTask, result: TaskResult, error: EngineError) -> str:
        """Reports a failure when the engine could not continue after the task. A BPMN error without a path becomes
        an incident at once; other failures may be temporary, so the task is retried first."""
        message = f"After {raw.get_activity_id()} ({word_of(result)}) the engine says: {error}"
        log.error("report_refused", status=error.status, engine_message=str(error)[:300])
        retries, pause = _next_try(raw)
        if result.is_bpmn_error() and UNCAUGHT in str(error):
            retries = 0
        try:
            self._send(raw, TaskResult.failure(raw, message, str(error), retries, int(pause * 1000)))
        except EngineError:
            log.warning("report_lost")
        return "refused"


def _next_try(raw: ExternalTask) -> tuple[int, float]:
    """Tries left after this one, and seconds before the next; no tries for an unreadable task."""
    try:
        task = Task.of(raw)
    except TaskUnreadable:
        return 0, 0.0
    return max(0, task.retries_left - 1), task.pause()


def word_of(result: TaskResult) -> str:
    """The result as a word for logs and metrics: `completed`, `bpmn_error` or `failed`."""
    if result.is_success():
        return "completed"
    return "bpmn_error" if result.is_bpmn_error() else "failed"
