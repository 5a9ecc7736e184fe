"""Tell the engine what came of a task. The facts are in our database already, so a lost report only costs time."""

import structlog
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_executor import ExternalTaskExecutor
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from order_api.camunda.engine import EngineError, EngineNotFound, EngineRejected, EngineUnavailable
from workers.runtime.task import Task, TaskUnreadable

log = structlog.get_logger()

REPORT_SECONDS = 15.0
REPORTED = frozenset({"completed", "bpmn_error"})
NOT_OURS = "locked by worker"
"""Of all that the engine answers with 400, this is the word that somebody else holds the task."""
UNCAUGHT = "Propagation of bpmn error"


class Reporter:
    def __init__(self, executor: ExternalTaskExecutor) -> None:
        self.executor = executor

    def report(self, raw: ExternalTask, result: TaskResult) -> str:
        """One word for the metrics: what the engine was told, or why it was not."""
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
        stop=stop_after_delay(REPORT_SECONDS),
        reraise=True,
    )
    def _send(self, raw: ExternalTask, result: TaskResult) -> None:
        self.executor.execute_task(raw, lambda _: result)

    def _report_refusal(self, raw: ExternalTask, result: TaskResult, error: EngineError) -> str:
        """The engine could not go on behind this task. A BPMN error without a path stays one, so it becomes an incident
        at once; anything else may be the engine's own trouble and is tried again before it does."""
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
    """Tries that are left after this one, and seconds before the next; none for a task that nobody can read."""
    try:
        task = Task.of(raw)
    except TaskUnreadable:
        return 0, 0.0
    return max(0, task.retries_left - 1), task.pause()


def word_of(result: TaskResult) -> str:
    """`completed`, `bpmn_error` or `failed`: what the engine is to be told, for logs and metrics."""
    if result.is_success():
        return "completed"
    return "bpmn_error" if result.is_bpmn_error() else "failed"
