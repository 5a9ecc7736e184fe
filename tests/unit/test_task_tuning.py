"""A model's properties for retries, pauses and locks of a task; an empty property counts as missing."""

from typing import Any
from uuid import uuid4

import pytest
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.retries import STANDARD
from workers.runtime.task import Task, TaskUnreadable


def task(left: int | None = None, /, business_key: str | None = None, **properties: str) -> Task:
    return Task.of(
        raw(
            left,
            str(uuid4()) if business_key is None else business_key,
            {n.replace("_", "-"): v for n, v in properties.items()},
        )
    )


def raw(left: int | None, business_key: str, properties: dict[str, str], **variables: Any) -> ExternalTask:
    return ExternalTask(
        {
            "id": "T-1",
            "topicName": "reserve-inventory",
            "activityId": "task_reserve_inventory",
            "businessKey": business_key,
            "processInstanceId": "P-1",
            "processDefinitionKey": "item-ship-to-home",
            "retries": left,
            "extensionProperties": properties,
            "variables": {name: {"value": value} for name, value in variables.items()},
        }
    )


def test_a_fresh_task_has_all_retries_of_its_model() -> None:
    assert task(retries="7").retries_left == 7
    assert task().retries_left == STANDARD.tries


def test_a_task_that_failed_has_what_the_engine_says() -> None:
    assert task(2, retries="7").retries_left == 2


@pytest.mark.parametrize(("left", "pause"), [(3, 1), (2, 300), (1, 7200)])
def test_pauses_grow_as_the_model_says(left: int, pause: float) -> None:
    assert task(left, retries="3", retry_pauses="PT1S, PT5M ,PT2H").pause() == pause


@pytest.mark.parametrize("left", [2, 1])
def test_the_last_pause_is_kept_for_all_that_follow(left: int) -> None:
    assert task(left, retries="4", retry_pauses="PT1S,PT9S").pause() == 9


def test_more_retries_given_in_cockpit_begin_with_the_first_pause() -> None:
    assert task(50, retries="3", retry_pauses="PT1S,PT9S").pause() == 1


def test_pauses_grow_when_the_model_says_nothing() -> None:
    assert [task(left).pause() for left in (5, 4, 3, 2, 1)] == [1, 5, 30, 120, 120]


def test_an_emptied_property_counts_as_not_set() -> None:
    emptied = task(retries="", retry_pauses="", lock_duration=" ", order_status="")

    assert (emptied.retries_left, emptied.pause(), emptied.lock_seconds) == (STANDARD.tries, 1, None)
    assert emptied.properties == {}


def test_a_model_may_ask_for_a_longer_lock() -> None:
    assert task(lock_duration="PT10M").lock_seconds == 600


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("retries", "many", "retries of this task is 'many', not a whole number"),
        ("retry_pauses", "PT1S,soon", "retry-pauses of this task is 'soon', not a duration like PT30S"),
        ("lock_duration", "10 minutes", "lock-duration of this task is '10 minutes', not a duration"),
        ("lock_duration", "P1M", "lock-duration of this task is 'P1M', not a duration"),
    ],
)
def test_a_property_that_cannot_be_read_is_named(name: str, value: str, reason: str) -> None:
    with pytest.raises(TaskUnreadable, match=reason):
        task(**{name: value})


def test_a_task_without_a_business_key_is_named() -> None:
    with pytest.raises(TaskUnreadable, match="This task has no business key"):
        task(business_key="")


@pytest.mark.parametrize("name", ["item_id", "shipment_id"])
def test_a_variable_that_is_no_id_is_named(name: str) -> None:
    with pytest.raises(TaskUnreadable, match=f"{name} of this task is 'the blue one'"):
        Task.of(raw(None, str(uuid4()), {}, **{name: "the blue one"}))
