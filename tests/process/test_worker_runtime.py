"""The worker runtime on the real engine: work that takes long, is repeated or is taken away."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from order_api.camunda.engine import post, session
from order_api.camunda.external_tasks import TaskClient
from order_api.core import metrics
from order_api.core.settings import settings
from tests.fixtures.lab import Lab, Work, loop, working
from tests.fixtures.proxy import line_to
from tests.fixtures.system import PATIENCE, wait_until
from workers.runtime.worker import Worker

pytestmark = pytest.mark.usefixtures("migrated", "connected")


@pytest.fixture
def lab() -> Lab:
    return Lab()


def result_of(lab: Lab, result: str) -> float:
    return float(metrics.tasks_total.labels(lab.topic, result)._value.get())


# Locks.


def test_every_held_task_keeps_its_lock_even_while_it_waits_for_a_thread(lab: Lab) -> None:
    lab.deploy()
    mine, others = Work(), Work()
    instances = [lab.start() for _ in range(3)]

    with working(lab.handler(mine), threads=1, lock_seconds=4):
        wait_until(lambda: all(lab.task(instance)["workerId"] for instance in instances), what="all tasks locked")
        with working(lab.handler(others), threads=3):
            time.sleep(8)
            mine.go_on.set()
            for instance in instances:
                lab.wait_for_end(instance)

    assert (len(mine.worked), others.worked) == (3, [])


def test_a_model_that_asks_for_a_longer_lock_gets_it(lab: Lab) -> None:
    lab.deploy(lock_duration="PT10M")
    work = Work()

    with working(lab.handler(work), lock_seconds=5):
        instance = lab.start()
        wait_until(lambda: locked_for(lab, instance) > 500, what="the longer lock")
        work.go_on.set()
        lab.wait_for_end(instance)


def locked_for(lab: Lab, instance: str) -> float:
    until = lab.task(instance)["lockExpirationTime"]
    return (datetime.fromisoformat(until) - datetime.now(UTC)).total_seconds() if until else 0.0


# Reports that collide with others.


def test_completing_at_once_collides_in_the_engine_and_no_work_is_done_twice(lab: Lab) -> None:
    lab.deploy(loop=loop(24))
    worked: Counter[str] = Counter()
    collisions: list[int] = []
    together = threading.Barrier(8)

    def work(task_id: str) -> None:
        worked[task_id] += 1
        together.wait(PATIENCE)

    def count(answer: Any, *_: Any, **__: Any) -> None:
        if answer.status_code == 500:
            collisions.append(answer.json()["code"])

    session().hooks["response"].append(count)
    try:
        with working(lab.handler(work), threads=8):
            lab.wait_for_end(lab.start())
    finally:
        session().hooks["response"].remove(count)

    assert 1 in collisions
    assert (len(worked), set(worked.values())) == (24, {1})


def test_a_task_that_was_canceled_meanwhile_is_let_go(lab: Lab) -> None:
    lab.deploy()

    def work(process_instance_id: str) -> None:
        if process_instance_id == canceled:
            session().delete(f"{settings().engine_url}/process-instance/{process_instance_id}")

    canceled, next_one = lab.start(), lab.start()
    with working(lab.handler(work)):
        lab.wait_for_end(next_one)
        wait_until(lambda: result_of(lab, "gone") == 1, what="the report of the canceled task")
        wait_until(lambda: result_of(lab, "completed") == 1, what="the report of the other task")


def test_a_task_that_another_worker_has_taken_is_left_to_it(lab: Lab) -> None:
    lab.deploy()
    taken: list[str] = []

    def work(task_id: str) -> None:
        if not taken:
            taken.append(task_id)
            post(f"/external-task/{task_id}/unlock")
            assert [task.get_task_id() for task in TaskClient("another").fetch({lab.topic: []}, 1)] == taken

    three = [lab.start() for _ in range(3)]  # The worker is full and fetches nothing during the first task.
    with working(lab.handler(work), threads=1):
        wait_until(lambda: result_of(lab, "taken_by_another") == 1, what="the report")
        wait_until(lambda: result_of(lab, "completed") == 2, what="the other two")

    [left] = [task for instance in three for task in lab.tasks(instance)]
    assert (left["id"], left["workerId"]) == (taken[0], "another")
    assert TaskClient("another").complete(left["id"], {})


def test_fetching_goes_on_when_the_engine_is_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.deploy()
    work = Work()
    work.go_on.set()

    with line_to(settings().engine_url) as (line, url):
        line.lose["/fetchAndLock"] = 2
        with working(lab.handler(work), lock_seconds=3, make=lambda *given: through(monkeypatch, url, *given)):
            lab.wait_for_end(lab.start())
        wait_until(lambda: not line.lose["/fetchAndLock"], what="two lost fetches")

    assert len(work.worked) == 1


def through(monkeypatch: pytest.MonkeyPatch, url: str, *given: Any) -> Worker:
    """A worker that reaches the engine by this address."""
    with monkeypatch.context() as environment:
        environment.setenv("ENGINE_URL", url)
        settings.cache_clear()
        worker = Worker(*given)
    settings.cache_clear()
    return worker


# Stopping.


def test_a_stop_gives_the_queued_tasks_back_at_once_and_finishes_the_one_being_worked(lab: Lab) -> None:
    lab.deploy()
    work = Work()
    instances = [lab.start() for _ in range(3)]
    worker = Worker(lab.handler(work), threads=1)
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    wait_until(lambda: all(lab.task(instance)["workerId"] for instance in instances), what="all tasks locked")

    worker.stop()

    wait_until(lambda: locked(lab, instances) == 1, what="the queued tasks given back")
    late = lab.start()
    work.go_on.set()
    running.join(PATIENCE)
    assert not running.is_alive()
    assert len(work.worked) == 1
    assert result_of(lab, "completed") == 1
    assert locked(lab, [late, *instances]) == 0


def locked(lab: Lab, instances: list[str]) -> int:
    return sum(task["workerId"] is not None for instance in instances for task in lab.tasks(instance))
