"""The worker runtime on the real engine: reports of failed work, and what an operator then reads."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from structlog.testing import LogCapture
from structlog.typing import Processor

from order_api.camunda.engine import get
from order_api.camunda.names import BpmnError
from order_api.camunda.retries import STANDARD
from order_api.core.errors import BusinessRuleViolated, NotYet, OutsideSystemUnavailable
from order_api.payments.errors import PaymentDeclined
from tests.fixtures.lab import Lab, Work, timer, working
from tests.fixtures.system import wait_until
from workers.runtime import execute

pytestmark = pytest.mark.usefixtures("migrated", "connected")


@pytest.fixture
def lab() -> Lab:
    return Lab()


def raising(error: Exception) -> Callable[..., None]:
    def work(task_id: str) -> None:
        raise error

    return work


def test_an_outside_system_that_stays_away_is_tried_with_growing_pauses_and_becomes_an_incident(lab: Lab) -> None:
    lab.deploy(retries="3", retry_pauses="PT0S,PT2S")
    tried: list[float] = []

    def work(task_id: str) -> None:
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
        retries = wait_until(lambda: lab.task(instance)["retries"], what="a first failure")

    assert retries == STANDARD.tries - 1


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("retries", "some", "The property retries of this task is 'some', not a whole number."),
        ("retry_pauses", "soon", "The property retry-pauses of this task is 'soon', not a duration like PT30S."),
    ],
)
def test_an_unreadable_property_is_an_incident_that_says_so(lab: Lab, name: str, value: str, message: str) -> None:
    lab.deploy(**{name: value})
    work = Work()

    with working(lab.handler(work)):
        instance = lab.start()

        assert lab.wait_for_incident(instance) == message
    assert work.worked == []


def test_a_refusal_that_the_handler_does_not_declare_is_an_incident_at_once(lab: Lab) -> None:
    lab.deploy()

    with working(lab.handler(raising(BusinessRuleViolated("8 asked, 7 left.")))):
        instance = lab.start()

        assert lab.wait_for_incident(instance) == "business_rule_violated: 8 asked, 7 left."
    assert lab.task(instance)["retries"] == 0


def test_a_business_error_that_the_model_does_not_catch_is_an_incident_in_the_engines_words(lab: Lab) -> None:
    lab.deploy()
    declines = lab.handler(raising(PaymentDeclined("Declined.")), frozenset({BpmnError.PAYMENT_DECLINED}))

    with working(declines):
        instance = lab.start()
        incident = lab.wait_for_incident(instance)

    assert incident.startswith("After task_of_the_lab (bpmn_error) the engine says: ")
    assert "payment_declined" in incident
    assert lab.task(instance)["retries"] == 0


def test_a_next_step_that_cannot_begin_is_an_incident_in_the_engines_words(lab: Lab) -> None:
    lab.deploy(after=timer("${pause}"), retries="1")

    with working(lab.handler(lambda task_id: {})):
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
    called: list[UUID] = []

    def work(order_id: UUID) -> None:
        called.append(order_id)

    with working(lab.handler(work)):
        instance = lab.start(business_key="Order 7")

        message = lab.wait_for_incident(instance)
    assert message == "The business key of this task is 'Order 7', but no order has this number."
    assert called == []


def test_a_handler_that_needs_an_item_is_not_called_without_one(lab: Lab) -> None:
    lab.deploy()
    called: list[UUID] = []

    def work(item_id: UUID) -> None:
        called.append(item_id)

    with working(lab.handler(work)):
        instance, good = lab.start(), lab.start(item_id=str(uuid4()))

        assert lab.wait_for_incident(instance) == "This task is about one item but has no variable item_id."
        lab.wait_for_end(good)
    assert len(called) == 1


def test_a_task_is_logged_with_the_ids_that_find_its_order_and_its_process(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.deploy(retries="1")
    number, logged = "N-1", LogCapture()
    with_ids: list[Processor] = [structlog.contextvars.merge_contextvars, logged]
    monkeypatch.setattr(execute, "log", structlog.wrap_logger(None, processors=with_ids))

    with working(lab.handler(raising(OutsideSystemUnavailable("The carrier does not answer.")))):
        instance = lab.start(business_key=number)
        lab.wait_for_incident(instance)

    [entry] = [entry for entry in logged.entries if entry["event"] == "task_worked"]
    assert (entry["topic"], entry["result"]) == (lab.topic, "failed")
    assert (entry["business_key"], entry["process_instance_id"]) == (number, instance)


def test_an_answer_that_the_engine_cannot_read_becomes_an_incident_that_says_so(lab: Lab) -> None:
    lab.deploy(retries="1")

    with working(lab.handler(lambda task_id: {"units": {"value": "many", "type": "Integer"}})):
        incident = lab.wait_for_incident(lab.start())

    assert "(completed) the engine says" in incident
    assert "many" in incident
