"""The engine's answers as our exceptions: repeatable, gone or refused; no call waits forever."""

from typing import Any

import pytest
import requests
import responses

from order_api.camunda import engine, processes
from order_api.camunda.engine import (
    REQUEST_TIMEOUT,
    EngineConflict,
    EngineError,
    EngineNotFound,
    EngineRejected,
    EngineUnavailable,
    LoginLocked,
    LoginRefused,
)
from order_api.camunda.external_tasks import ERROR_MESSAGE_LIMIT, TaskClient
from order_api.camunda.names import Message, Process
from order_api.camunda.places import places
from order_api.camunda.processes import NoFlowWaits
from tests.unit.engine_mock import ENGINE, body_of
from workers.runtime.registry import Handler
from workers.runtime.worker import Worker

CONFLICT = {"type": "OptimisticLockingException", "message": "Entity was updated by another", "code": 1}


def timeout_of(sent: Any) -> float:
    return float(sent.req_kwargs["timeout"])


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "m", "code": 0}, EngineRejected),
        (403, {"message": "m", "code": 0}, EngineError),
        (404, {"message": "m", "code": 0}, EngineNotFound),
        (500, {"message": "m", "code": 0}, EngineError),
        (500, {"message": "m", "code": 1}, EngineConflict),
        (500, {"message": "m", "code": 10000}, EngineConflict),
        (500, {"message": "m", "code": 10001}, EngineConflict),
        (502, {"message": "m"}, EngineUnavailable),
        (503, {"message": "m"}, EngineUnavailable),
        (504, {"message": "m"}, EngineUnavailable),
    ],
)
def test_each_refusal_has_its_exception(
    calls: responses.RequestsMock, status: int, body: dict[str, object], kind: type[EngineError]
) -> None:
    calls.get(f"{ENGINE}/version", status=status, json=body)

    with pytest.raises(EngineError) as refused:
        engine.get("/version")

    assert (type(refused.value), str(refused.value), refused.value.status) == (kind, "m", status)


def test_a_locked_login_says_for_how_long(calls: responses.RequestsMock) -> None:
    calls.get(f"{ENGINE}/version", status=429, headers={"Retry-After": "42"})

    with pytest.raises(LoginLocked, match="Too many wrong passwords: try again in 42 s"):
        engine.get("/version")


def test_a_refused_password_is_reported_in_our_words(calls: responses.RequestsMock) -> None:
    calls.get(f"{ENGINE}/version", status=401)

    with pytest.raises(LoginRefused, match="refuses ENGINE_PASSWORD for ENGINE_USER"):
        engine.get("/version")


@pytest.mark.parametrize("body", ["<html>Bad Gateway</html>", "[]", ""])
def test_an_answer_of_a_proxy_is_reported_word_for_word(calls: responses.RequestsMock, body: str) -> None:
    calls.get(f"{ENGINE}/version", status=500, body=body)

    with pytest.raises(EngineError) as refused:
        engine.get("/version")

    assert (str(refused.value), refused.value.code) == (body, None)


@pytest.mark.parametrize(
    "error", [requests.ConnectionError(), requests.ReadTimeout(), requests.exceptions.ChunkedEncodingError()]
)
def test_no_answer_is_unavailable(calls: responses.RequestsMock, error: Exception) -> None:
    calls.get(f"{ENGINE}/version", body=error)

    with pytest.raises(EngineUnavailable, match=f"no answer: {type(error).__name__}"):
        engine.get("/version")


def test_every_call_has_a_timeout_even_those_that_pycamunda_makes(calls: responses.RequestsMock) -> None:
    calls.get(f"{ENGINE}/version", json={})
    calls.delete(f"{ENGINE}/process-instance/P-1", status=204)
    calls.post(f"{ENGINE}/process-definition/key/order-submit/start", json=INSTANCE)

    engine.get("/version")
    processes.delete("P-1")
    processes.start(Process.ORDER_SUBMIT, "N-1", {})

    assert [timeout_of(call.request) for call in calls.calls] == [REQUEST_TIMEOUT] * 3


INSTANCE: dict[str, Any] = {
    "id": "P-1",
    "definitionId": "D-1",
    "businessKey": "B-1",
    "caseInstanceId": None,
    "ended": False,
    "suspended": False,
    "tenantId": None,
    "links": [],
}


def test_a_call_that_collides_with_another_is_repeated(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/message", status=500, json=CONFLICT)
    calls.post(f"{ENGINE}/message", status=500, json={**CONFLICT, "code": 10000})
    calls.post(f"{ENGINE}/message", status=500, json={**CONFLICT, "code": 10001})
    calls.post(f"{ENGINE}/message", json=[{"resultType": "Execution"}])

    processes.correlate(Message.CANCEL_ORDER, "N-1", "1")

    assert len(calls.calls) == 4


def test_a_call_that_collides_every_time_is_given_up(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/T-1/complete", status=500, json=CONFLICT)

    with pytest.raises(EngineConflict):
        TaskClient("W").complete("T-1", {})

    assert len(calls.calls) == 8


def test_no_other_refusal_is_repeated(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/T-1/complete", status=500, json={"message": "ENGINE-09027", "code": 0})

    with pytest.raises(EngineError, match="ENGINE-09027"):
        TaskClient("W").complete("T-1", {})

    assert len(calls.calls) == 1


def test_a_message_that_wakes_no_flow_is_known_by_its_empty_answer(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/message", json=[])

    with pytest.raises(NoFlowWaits):
        processes.correlate(Message.CANCEL_ORDER, "N-1", "1")


def test_an_instance_that_is_gone_counts_as_deleted_and_waits_nowhere(calls: responses.RequestsMock) -> None:
    gone = {"message": "does not exist", "code": 0}
    calls.delete(f"{ENGINE}/process-instance/P-1", status=404, json=gone)
    calls.get(f"{ENGINE}/process-instance/P-1/activity-instances", status=404, json=gone)

    processes.delete("P-1")

    assert places("P-1", timeout=1) == []


def test_a_fetch_names_its_variables_and_the_engine_deserializes_none(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/fetchAndLock", json=[])

    TaskClient("W", lock_seconds=7).fetch({"capture-payment": ["item_id"]}, 3)

    sent = calls.calls[0].request
    body = body_of(sent)
    [topic] = body["topics"]
    assert topic["lockDuration"] == 7_000
    assert (topic["variables"], topic["deserializeValues"]) == (["item_id"], False)
    assert topic["includeExtensionProperties"]
    assert timeout_of(sent) > body["asyncResponseTimeout"] / 1000
    assert 5_000 <= body["asyncResponseTimeout"] <= 10_000, "an expired lock does not wake a poll that waits"


def test_a_long_reason_is_cut_to_what_the_engine_stores(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/T-1/failure", status=204)

    TaskClient("W").failure("T-1", "x" * 5_000, "", 0, 0)

    sent = body_of(calls.calls[0].request)
    assert len(sent["errorMessage"]) == ERROR_MESSAGE_LIMIT


@pytest.mark.usefixtures("calls")
def test_a_worker_started_again_is_not_taken_for_the_one_before() -> None:
    """In a container, host name and process id repeat; the engine checks only the worker's id."""
    handlers: dict[str, Handler] = {}

    assert Worker(handlers, threads=1).id != Worker(handlers, threads=1).id


def test_a_worker_whose_fetching_is_broken_ends_so_that_it_is_started_again(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/fetchAndLock", body="<html>Welcome</html>")
    handlers: dict[str, Handler] = {}

    with pytest.raises(ValueError, match="Expecting value"):
        Worker(handlers, threads=1).run()
