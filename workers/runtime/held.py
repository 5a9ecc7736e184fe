"""Every task this process holds, queued or being worked, and the thread that keeps their locks alive."""

import threading
import time

import structlog
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.engine import EngineError, EngineUnavailable
from order_api.camunda.external_tasks import TaskClient

log = structlog.get_logger()

NEVER, FOR_EVER = float("-inf"), float("inf")


class HeldTasks:
    """Extends each lock when a third of it has passed, because a lock that expired cannot be extended any more."""

    def __init__(self, client: TaskClient) -> None:
        self._client = client
        self._condition = threading.Condition()
        self._locks: dict[str, tuple[float, float]] = {}
        self._closed = False

    def add(self, task: ExternalTask, seconds: float | None) -> None:
        """`seconds` is what the model asks for; longer than the fetch's own lock, it is extended to that at once."""
        own = self._client.lock_seconds
        with self._condition:
            since = NEVER if seconds and seconds > own else time.monotonic()
            self._locks[task.get_task_id()] = (since, seconds or own)

    def remove(self, task: ExternalTask) -> None:
        with self._condition:
            self._locks.pop(task.get_task_id(), None)
            self._condition.notify_all()

    def __len__(self) -> int:
        return len(self._locks)

    def wait_for_fewer_than(self, number: int, timeout: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: len(self._locks) < number, timeout)

    def close(self) -> None:
        self._closed = True

    def keep_alive(self) -> None:
        """The body of the keeper thread."""
        while not self._closed:
            for task_id, (since, seconds) in list(self._locks.items()):
                if time.monotonic() - since > seconds / 3:
                    self._extend(task_id, seconds)
            time.sleep(self._client.lock_seconds / 20)

    def _extend(self, task_id: str, seconds: float) -> None:
        since = time.monotonic()
        try:
            self._client.extend_lock(task_id, seconds)
        except EngineUnavailable:
            return
        except EngineError:
            log.warning("lock_lost", task_id=task_id)
            since = FOR_EVER
        with self._condition:
            if task_id in self._locks:
                self._locks[task_id] = (since, seconds)
