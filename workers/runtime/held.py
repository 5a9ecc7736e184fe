"""The tasks that this process holds, queued or being worked, and the thread that extends their locks."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.engine import EngineNotFound, EngineRejected
from order_api.camunda.external_tasks import TaskClient

log = structlog.get_logger()

NEVER = float("inf")
EXTENDER_THREADS = 4
"""Threads for parallel calls, so a hanging call does not let the other locks expire."""


@dataclass
class Lock:
    """Times are of the monotonic clock; `seconds` is the duration of each extension."""

    seconds: float
    ends_at: float
    extend_at: float


class HeldTasks:
    """Extends each lock when a third of it has passed, because an expired lock cannot be extended."""

    def __init__(self, client: TaskClient) -> None:
        self._client = client
        self._condition = threading.Condition()
        self._locks: dict[str, Lock] = {}
        self._closed = threading.Event()

    def add(self, task: ExternalTask, seconds: float | None) -> None:
        """`seconds` is the model's lock duration. If it is longer than the lock from the fetch, we extend at once."""
        now, own = time.monotonic(), self._client.lock_seconds
        duration = seconds or own
        extend_at = now if duration > own else now + duration / 3
        with self._condition:
            self._locks[task.get_task_id()] = Lock(duration, now + own, extend_at)

    def remove(self, task: ExternalTask) -> None:
        with self._condition:
            self._locks.pop(task.get_task_id(), None)
            self._condition.notify_all()

    def stop_extending(self, task: ExternalTask) -> None:
        """An extension that collides with the report of a large step in the engine would roll the step back."""
        with self._condition:
            if lock := self._locks.get(task.get_task_id()):
                lock.extend_at = NEVER

    def is_locked(self, task: ExternalTask) -> bool:
        """False once the lock is lost or expired: another worker may have the task by now."""
        lock = self._locks.get(task.get_task_id())
        return lock is not None and time.monotonic() < lock.ends_at

    def __len__(self) -> int:
        return len(self._locks)

    def wait_for_fewer_than(self, number: int, timeout: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: len(self._locks) < number, timeout)

    def close(self) -> None:
        self._closed.set()

    def keep_alive(self) -> None:
        """The body of the keeper thread."""
        with ThreadPoolExecutor(EXTENDER_THREADS, thread_name_prefix="lock-extender") as extenders:
            while not self._closed.wait(self._client.lock_seconds / 20):
                now = time.monotonic()
                due = [(task_id, lock) for task_id, lock in list(self._locks.items()) if lock.extend_at <= now]
                list(extenders.map(lambda one: self._extend(*one), due))

    def _extend(self, task_id: str, lock: Lock) -> None:
        """Retries temporary failures in the next round; only "not locked by you" and "not found" are final."""
        since = time.monotonic()
        try:
            self._client.extend_lock(task_id, lock.seconds)
        except (EngineNotFound, EngineRejected):
            log.warning("lock_lost", task_id=task_id)
            lock.ends_at, lock.extend_at = since, NEVER
        except Exception as error:  # noqa: BLE001 - one failure must not end the thread that extends all locks
            log.warning("lock_not_extended", task_id=task_id, error=repr(error)[:200])
        else:
            lock.ends_at = since + lock.seconds
            with self._condition:
                if lock.extend_at != NEVER:
                    lock.extend_at = since + lock.seconds / 3
