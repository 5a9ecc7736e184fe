"""Where a process waits, read from the engine's answers."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import responses

from order_api.camunda.engine import EngineUnavailable
from order_api.camunda.places import MAX_CALLED, Place, places
from tests.unit.engine_mock import ENGINE

CALL = {"activityType": "callActivity", "activityId": "call_item_flow", "activityName": "Carry out the item"}
STOCK = {"activityType": "receiveTask", "activityId": "wait_for_stock", "activityName": "Waits for stock"}


def answer_places(calls: responses.RequestsMock, instance: str, *leaves: dict[str, str]) -> None:
    tree = {"activityType": "processDefinition", "childActivityInstances": list(leaves), "childTransitionInstances": []}
    calls.get(f"{ENGINE}/process-instance/{instance}/activity-instances", json=tree)


def answer_called_flows(calls: responses.RequestsMock, flows: dict[str, UUID]) -> None:
    running = [{"id": "P-1"}, *({"id": flow} for flow in flows)]
    calls.get(f"{ENGINE}/history/process-instance", json=running)
    variables = [
        {"processInstanceId": flow, "activityInstanceId": flow, "value": str(item)} for flow, item in flows.items()
    ]
    # A user task keeps a local copy of the variable, which a person may have changed.
    variables += [{"processInstanceId": flow, "activityInstanceId": "usertask:1", "value": "no id"} for flow in flows]
    calls.get(f"{ENGINE}/variable-instance", json=variables)


def test_a_flow_of_an_item_is_named_by_its_own_place_and_its_item(calls: responses.RequestsMock) -> None:
    item = uuid4()
    answer_places(calls, "P-1", CALL)
    answer_called_flows(calls, {"I-1": item})
    answer_places(calls, "I-1", STOCK)

    assert places("P-1", timeout=1) == [Place("Waits for stock", None, item)]


def test_a_timer_says_when_it_ends_the_wait(calls: responses.RequestsMock) -> None:
    timer = {"activityType": "intermediateTimer", "activityId": "event_edit_window", "processInstanceId": "P-1"}
    answer_places(calls, "P-1", timer | {"activityName": "Edit window open"})
    calls.get(f"{ENGINE}/job", json=[{"dueDate": "2026-11-29T10:00:00.000+0000"}])

    assert places("P-1", timeout=1) == [Place("Edit window open", datetime(2026, 11, 29, 10, tzinfo=UTC))]


def test_a_flow_that_ends_between_the_calls_is_named_by_the_step_that_called_it(
    calls: responses.RequestsMock,
) -> None:
    answer_places(calls, "P-1", CALL)
    answer_called_flows(calls, {})

    assert places("P-1", timeout=1) == [Place("Carry out the item")]


def test_of_many_flows_the_first_are_asked_and_the_step_that_calls_the_others_is_named(
    calls: responses.RequestsMock,
) -> None:
    flows = {f"I-{number}": uuid4() for number in range(MAX_CALLED + 1)}
    answer_places(calls, "P-1", CALL)
    answer_called_flows(calls, flows)
    for flow in list(flows)[:MAX_CALLED]:
        answer_places(calls, flow, STOCK)

    found = places("P-1", timeout=1)

    assert found[0] == Place("Carry out the item")
    assert {place.item_id for place in found[1:]} == set(list(flows.values())[:MAX_CALLED])


def test_all_calls_to_a_slow_engine_share_one_time_limit(
    calls: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_places(calls, "P-1", CALL)
    moments = iter([0.0, 0.1, 2.1])
    monkeypatch.setattr("order_api.camunda.places.time.monotonic", lambda: next(moments))

    with pytest.raises(EngineUnavailable, match="too slow"):
        places("P-1", timeout=2)
