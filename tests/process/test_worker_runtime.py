"""The worker runtime on the real engine: what happens when work fails, takes long, comes twice or is taken away."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from order_api.camunda.engine import get, post, session
from order_api.camunda.external_tasks import TaskClient
from order_api.camunda.names import BpmnError
from order_api.core import metrics
from order_api.core.errors import BusinessRuleViolated, NotYet, OutsideSystemUnavailable
from order_api.core.settings import settings
from order_api.payments.errors import PaymentDeclined
from tests.fixtures.lab import Lab, loop, timer, working
from tests.fixtures.proxy import line_to
from tests.fixtures.system import wait_until
from workers.runtime.task import DEFAULT_RETRIES
from workers.runtime.worker import Worker

pytestmark = pytest.mark.usefixtures("connected")


@pytest.fixture
def lab() -> Lab:
    return Lab()


class Work:
    """A handler that a test can hold up and that remembers what it worked."""

    def __init__(self) -> None:
        self.worked: list[str] = []
        self.go_on = threading.Event()

    def __call__(self, task_id: str) -> None:
        self.worked.append(task_id)
        self.go_on.wait(30)


def result_of(lab: Lab, result: str) -> float:
    return float(metrics.tasks_total.labels(lab.topic, result)._value.get())


def raising(error: Exception) -> Callable[..., None]:
    def work(order_id: UUID) -> None:
        raise error

    return work


# Failing and trying again.


def test_an_outside_system_that_stays_away_is_tried_with_growing_pauses_and_becomes_an_incident(lab: Lab) -> None:
    lab.deploy(retries="3", retry_pauses="PT0S,PT2S")
    tried: list[float] = []

    def work(order_id: UUID) -> None:
        tried.append(time.monotonic())
        raise OutsideSystemUnavailable("The carrier does not answer.")

    with working(lab.handler(work)):
        instance = lab.start()
        incident = lab.wait_for_incident(instance)

    assert incident == "The carrier does not answer."
    assert len(tried) == 3
    assert tried[2] - tried[1] >= 2


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OutsideSystemUnavailable("The carrier does not answer."), "The carrier does not answer."),
        (ValueError("no such unit"), "ValueError: no such unit"),
    ],
    ids=["outside", "bug"],
)
def test_a_model_that_allows_one_try_gets_its_incident_at_once(lab: Lab, error: Exception, message: str) -> None:
    lab.deploy(retries="1")

    with working(lab.handler(raising(error))):
        instance = lab.start()

        assert lab.wait_for_incident(instance) == message


def test_a_failure_leaves_one_retry_less_than_the_default_when_the_properties_are_emptied(lab: Lab) -> None:
    lab.deploy(retries="", retry_pauses="", lock_duration="", order_status="")

    with working(lab.handler(raising(OutsideSystemUnavailable("Away.")))):
        instance = lab.start()
        wait_until(lambda: lab.task(instance)["retries"], 20, "a first failure")

    assert lab.task(instance)["retries"] == DEFAULT_RETRIES - 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("retries", "some", "The property retries of this task is 'some', not a whole number."),
        ("retry_pauses", "soon", "The property retry-pauses of this task is 'soon', not a duration like PT30S."),
    ],
)
def test_a_property_that_nobody_can_read_is_an_incident_that_says_so(
    lab: Lab, name: str, value: str, message: str
) -> None:
    lab.deploy(**{name: value})
    work = Work()

    with working(lab.handler(work)):
        instance = lab.start()

        assert lab.wait_for_incident(instance) == message
    assert work.worked == []


def test_a_refusal_that_the_handler_does_not_announce_is_an_incident_at_once(lab: Lab) -> None:
    lab.deploy()

    with working(lab.handler(raising(BusinessRuleViolated("8 asked, 7 left.")))):
        instance = lab.start()

        assert lab.wait_for_incident(instance) == "business_rule_violated: 8 asked, 7 left."
    assert lab.task(instance)["retries"] == 0


def test_a_business_error_without_a_path_is_an_incident_in_the_engines_words(lab: Lab) -> None:
    lab.deploy()
    declines = lab.handler(raising(PaymentDeclined("Declined.")), frozenset({BpmnError.PAYMENT_DECLINED}))

    with working(declines):
        instance = lab.start()
        incident = lab.wait_for_incident(instance)

    assert incident.startswith("After task_of_the_lab (bpmn_error) the engine says: ")
    assert "payment_declined" in incident
    assert lab.task(instance)["retries"] == 0


def test_a_step_behind_that_cannot_begin_is_an_incident_in_the_engines_words(lab: Lab) -> None:
    lab.deploy(after=timer("${pause}"), retries="1")

    with working(lab.handler(lambda order_id: {})):
        instance = lab.start(pause="2 hours")
        incident = lab.wait_for_incident(instance)

    assert incident.startswith("After task_of_the_lab (completed) the engine says: ")
    assert "2 hours" in incident


def test_waiting_for_something_else_uses_up_no_retry(lab: Lab) -> None:
    lab.deploy(retries="2")
    left: list[Any] = []

    def work(task_id: str) -> None:
        left.append(get(f"/external-task/{task_id}")["retries"])
        if len(left) < 4:
            raise NotYet("The other half is under way.", seconds=0)

    with working(lab.handler(work)):
        lab.wait_for_end(lab.start())

    assert left == [None, 2, 2, 2]


def test_a_task_whose_business_key_is_no_order_is_an_incident_that_says_so(lab: Lab) -> None:
    lab.deploy()
    work = Work()

    with working(lab.handler(work)):
        instance = lab.start(business_key="Order 7")

        assert lab.wait_for_incident(instance) == "The business key of this task is 'Order 7', not the id it should be."
    assert work.worked == []


def test_a_handler_that_needs_an_item_is_not_called_without_one(lab: Lab) -> None:
    lab.deploy()
    called: list[UUID] = []

    def work(item_id: UUID) -> None:
        called.append(item_id)

    with working(lab.handler(work)):
        instance, good = lab.start(), lab.start(item_id=str(uuid4()))

        assert lab.wait_for_incident(instance) == "This task is about one item and has no variable item_id."
        lab.wait_for_end(good)
    assert len(called) == 1


# Locks.


def test_every_task_held_keeps_its_lock_also_those_that_wait_for_a_thread(lab: Lab) -> None:
    lab.deploy()
    mine, others = Work(), Work()
    instances = [lab.start() for _ in range(3)]

    with working(lab.handler(mine), threads=1, lock_seconds=1.5):
        wait_until(lambda: all(lab.task(instance)["workerId"] for instance in instances), 20, "all tasks locked")
        with working(lab.handler(others), threads=3):
            time.sleep(4)
            mine.go_on.set()
            for instance in instances:
                lab.wait_for_end(instance)

    assert (len(mine.worked), others.worked) == (3, [])


def test_a_model_that_asks_for_a_longer_lock_gets_it(lab: Lab) -> None:
    lab.deploy(lock_duration="PT10M")
    work = Work()

    with working(lab.handler(work), lock_seconds=5):
        instance = lab.start()
        wait_until(lambda: locked_for(lab, instance) > 500, 10, "the longer lock")
        work.go_on.set()
        lab.wait_for_end(instance)


def locked_for(lab: Lab, instance: str) -> float:
    until = lab.task(instance)["lockExpirationTime"]
    return (datetime.fromisoformat(until) - datetime.now(UTC)).total_seconds() if until else 0.0


# Reports that meet somebody else.


def test_completing_at_once_collides_in_the_engine_and_no_work_is_done_twice(lab: Lab) -> None:
    lab.deploy(loop=loop(24))
    worked: Counter[str] = Counter()
    collisions: list[int] = []
    together = threading.Barrier(8)

    def work(task_id: str) -> None:
        worked[task_id] += 1
        together.wait(30)

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
        wait_until(lambda: result_of(lab, "gone") == 1, 10, "the report of the canceled task")

    assert result_of(lab, "completed") == 1


def test_a_task_that_another_worker_has_taken_is_left_to_it(lab: Lab) -> None:
    lab.deploy()

    def work(task_id: str) -> None:
        post(f"/external-task/{task_id}/unlock")
        assert [task.get_task_id() for task in TaskClient("another").fetch({lab.topic: []}, 1)] == [task_id]

    with working(lab.handler(work)):
        instance = lab.start()
        wait_until(lambda: result_of(lab, "taken_by_another") == 1, 10, "the report")

    assert lab.task(instance)["workerId"] == "another"
    assert TaskClient("another").complete(lab.task(instance)["id"], {})


def test_fetching_goes_on_when_the_engine_is_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.deploy()
    work = Work()
    work.go_on.set()

    with line_to(settings().engine_url) as (line, url):
        line.lose["/fetchAndLock"] = 2
        with working(lab.handler(work), lock_seconds=1, make=lambda *given: through(monkeypatch, url, *given)):
            lab.wait_for_end(lab.start())
        wait_until(lambda: not line.lose["/fetchAndLock"], 15, "two lost fetches")

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
    wait_until(lambda: all(lab.task(instance)["workerId"] for instance in instances), 20, "all tasks locked")

    worker.stop()

    wait_until(lambda: locked(lab, instances) == 1, 2, "the queued tasks given back")
    late = lab.start()
    work.go_on.set()
    running.join(15)
    assert not running.is_alive()
    assert len(work.worked) == 1
    assert result_of(lab, "completed") == 1
    assert locked(lab, [late, *instances]) == 0


def locked(lab: Lab, instances: list[str]) -> int:
    return sum(task["workerId"] is not None for instance in instances for task in lab.tasks(instance))
