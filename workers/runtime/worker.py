"""One long-polling fetcher for all topics, a bounded thread pool, and a stop that gives back all queued tasks."""

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import uuid4

import structlog
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.engine import EngineError
from order_api.camunda.external_tasks import LOCK_SECONDS, TaskClient, executor
from order_api.core import metrics
from workers.runtime.execute import execute
from workers.runtime.held import HeldTasks
from workers.runtime.registry import Handler
from workers.runtime.report import REPORTED, Reporter
from workers.runtime.task import Task, TaskUnreadable
from workers.runtime.wake_messages import wake_messages

log = structlog.get_logger()

TASKS_AHEAD_PER_THREAD = 2
"""Tasks fetched per thread beyond the one it works on, so threads need not wait for a fetch."""

MAX_PAUSE = 5.0


class Worker:
    def __init__(
        self,
        handlers: Mapping[str, Handler],
        threads: int,
        lock_seconds: float = LOCK_SECONDS,
        *,
        every_round: Callable[[], None] = lambda: None,
    ) -> None:
        self.id = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._handlers = handlers
        self._threads = threads
        self._every_round = every_round
        self._client = TaskClient(self.id, lock_seconds)
        self._reporter = Reporter(executor(self._client))
        self._held = HeldTasks(self._client)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._task_by_future: dict[Future[None], ExternalTask] = {}
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Stops fetching and gives back queued tasks; `run` returns once the running tasks are done."""
        self._stopping.set()

    def run(self) -> None:
        threading.Thread(target=self._held.keep_alive, name="lock-keeper", daemon=True).start()
        log.info("worker_started", worker_id=self.id, topics=len(self._handlers))
        with ThreadPoolExecutor(1, thread_name_prefix="fetcher") as fetcher:
            fetching = fetcher.submit(self._fetch_until_stopped)
            fetching.add_done_callback(lambda _: self.stop())
            self._stopping.wait()
            self._give_back_queued()
            fetching.result()
        # A poll that was waiting during the stop may have fetched more tasks.
        self._give_back_queued()
        self._pool.shutdown(wait=True)
        self._held.close()
        log.info("worker_stopped", worker_id=self.id)

    def _fetch_until_stopped(self) -> None:
        topics = {str(topic): handler.variables for topic, handler in self._handlers.items()}
        pause = 0.1
        while not self._stopping.is_set():
            self._every_round()
            try:
                self._fetch_round(topics)
                pause = 0.1
            except EngineError as error:
                log.warning("fetch_failed", error=str(error)[:200])
                self._stopping.wait(pause)
                pause = min(pause * 2, MAX_PAUSE)

    def _fetch_round(self, topics: Mapping[str, list[str]]) -> None:
        if not self._held.wait_for_fewer_than(self._threads * TASKS_AHEAD_PER_THREAD, timeout=1.0):
            return
        room = self._threads * (TASKS_AHEAD_PER_THREAD + 1) - len(self._held)
        for task in self._client.fetch(topics, room):
            self._held.add(task, _lock_seconds(task))
            future = self._pool.submit(self._run_one, task)
            self._task_by_future[future] = task
            future.add_done_callback(self._forget)

    def _forget(self, done: "Future[None]") -> None:
        self._task_by_future.pop(done)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.error("task_thread_crashed", error=repr(error))

    def _run_one(self, task: ExternalTask) -> None:
        if self._stopping.is_set():
            return self._give_back(task)
        try:
            self._work(task)
        finally:
            self._held.remove(task)

    def _give_back_queued(self) -> None:
        for future, task in list(self._task_by_future.items()):
            if future.cancel():
                self._give_back(task)

    def _give_back(self, task: ExternalTask) -> None:
        """Unlocks the task only while it is ours: the engine lets any worker unlock, and another may have it by now."""
        try:
            if self._held.is_locked(task):
                self._client.unlock(task.get_task_id())
        except EngineError as error:
            log.warning("unlock_failed", error=str(error)[:200])
        finally:
            self._held.remove(task)

    def _work(self, task: ExternalTask) -> None:
        topic, began = task.get_topic_name(), time.perf_counter()
        result = execute(task, self._handlers)
        self._held.stop_extending(task)
        word = "left_alone" if result is None else self._reporter.report(task, result)
        if word in REPORTED:
            wake_messages(task)
        with metrics.uncounted_if_it_fails():
            metrics.tasks_total.labels(topic, word).inc()
            metrics.task_seconds.labels(topic).observe(time.perf_counter() - began)


def _lock_seconds(task: ExternalTask) -> float | None:
    try:
        return Task.of(task).lock_seconds
    except TaskUnreadable:
        return None
