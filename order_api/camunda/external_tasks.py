"""Fetch, extend and finish external tasks.

camunda-external-task-client-python3 provides the task model, the results, the executor that turns a result into the
right call, and the URL and topic builders. We do not use its HTTP calls and its subscribe loop: they have no
keep-alive, drop a batch on one failed call, and hide the engine's answer.
"""

from collections.abc import Mapping
from typing import Any

from camunda.client.external_task_client import ExternalTaskClient
from camunda.external_task.external_task import ExternalTask
from camunda.external_task.external_task_executor import ExternalTaskExecutor
from camunda.variables.variables import Variables

from order_api.camunda.engine import repeat_on_conflict, session
from order_api.core import clock
from order_api.core.settings import settings

LOCK_SECONDS = 20.0
POLL_TIMEOUT = 5.0
"""A waiting poll does not notice an expired lock or an ended retry pause, so polls are short."""

ERROR_MESSAGE_LIMIT = 600
FETCHED_AT = "fetchedAt"
"""When this process got the task: a field that we add to the engine's."""


class TaskClient(ExternalTaskClient):
    """The library's client on our session: with keep-alive, time-outs and precise errors."""

    def __init__(self, worker_id: str, lock_seconds: float = LOCK_SECONDS) -> None:
        self.lock_seconds = lock_seconds
        config = {
            "lockDuration": int(lock_seconds * 1000),
            "asyncResponseTimeout": int(POLL_TIMEOUT * 1000),
            "deserializeValues": False,
        }
        super().__init__(worker_id, settings().engine_url, config)

    def fetch(self, variables_of_topics: Mapping[str, list[str]], max_tasks: int) -> list[ExternalTask]:
        """Waits up to POLL_TIMEOUT for tasks. `variables_of_topics` names the variables to send for each topic."""
        topics = [self._get_topics(topic, None, names)[0] for topic, names in variables_of_topics.items()]
        body = {
            "workerId": self.worker_id,
            "maxTasks": max_tasks,
            "usePriority": False,
            "asyncResponseTimeout": self.config["asyncResponseTimeout"],
            "topics": topics,
        }
        timeout = POLL_TIMEOUT + 10
        answer = session().post(self.get_fetch_and_lock_url(), json=body, timeout=timeout)
        fetched = {FETCHED_AT: clock.now()}
        return [ExternalTask(context | fetched) for context in answer.json()]

    def extend_lock(self, task_id: str, seconds: float) -> None:
        """Works only until the lock expires, so it does not wait long for an answer."""
        body = {"workerId": self.worker_id, "newDuration": int(seconds * 1000)}
        url = f"{self.external_task_base_url}/{task_id}/extendLock"
        session().post(url, json=body, timeout=self.lock_seconds / 4)

    def unlock(self, task_id: str) -> None:
        self._post(f"{self.external_task_base_url}/{task_id}/unlock", None)

    def complete(self, task_id: str, global_variables: Any, local_variables: Any = None) -> bool:
        body = {"workerId": self.worker_id, "variables": Variables.format(global_variables)}
        return self._post(self.get_task_complete_url(task_id), body)

    def failure(self, task_id: str, error_message: str, error_details: str, retries: int, retry_timeout: int) -> bool:
        body = {
            "workerId": self.worker_id,
            "errorMessage": error_message[:ERROR_MESSAGE_LIMIT],
            "errorDetails": error_details or "",
            "retries": retries,
            "retryTimeout": retry_timeout,
        }
        return self._post(self.get_task_failure_url(task_id), body)

    def bpmn_failure(self, task_id: str, error_code: str, error_message: str, variables: Any = None) -> bool:
        body = {
            "workerId": self.worker_id,
            "errorCode": error_code,
            "errorMessage": error_message[:ERROR_MESSAGE_LIMIT],
            "variables": Variables.format(variables),
        }
        return self._post(self.get_task_bpmn_error_url(task_id), body)

    @repeat_on_conflict
    def _post(self, url: str, body: Any) -> bool:
        session().post(url, json=body)
        return True


def executor(client: TaskClient) -> ExternalTaskExecutor:
    return ExternalTaskExecutor(client.worker_id, client)


def context_of(task: ExternalTask) -> dict[str, Any]:
    """The fields that the library's task model does not expose: process key, business key, retries."""
    return dict(task._context)  # noqa: SLF001 - the library offers no other way
