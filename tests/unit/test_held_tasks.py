"""Locks are extended even if one of them fails, and only our own locks are given back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import responses
from camunda.external_task.external_task import ExternalTask

from order_api.camunda.external_tasks import TaskClient
from tests.fixtures.system import HELD_UP, PATIENCE, wait_until
from tests.unit.engine_mock import ENGINE, body_of
from workers.runtime.held import HeldTasks
from workers.runtime.worker import Worker


@contextmanager
def kept_alive(held: HeldTasks) -> Iterator[threading.Thread]:
    keeper = threading.Thread(target=held.keep_alive, daemon=True)
    keeper.start()
    try:
        yield keeper
    finally:
        held.close()
        keeper.join(PATIENCE)


def asked(calls: responses.RequestsMock, task_id: str) -> int:
    return [str(call.request.url).split("/")[-2] for call in calls.calls].count(task_id)


def held_tasks(*task_ids: str, seconds: float | None = None) -> HeldTasks:
    held = HeldTasks(TaskClient("W", lock_seconds=0.3))
    for task_id in task_ids:
        held.add(ExternalTask({"id": task_id}), seconds)
    return held


def test_a_lost_lock_does_not_stop_the_extension_of_the_others(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/lost/extendLock", status=404, json={"message": "does not exist", "code": 0})
    calls.post(f"{ENGINE}/external-task/kept/extendLock", status=204)

    with kept_alive(held_tasks("lost", "kept")):
        wait_until(lambda: asked(calls, "kept") >= 5)

    assert asked(calls, "lost") == 1


def test_a_passing_error_does_not_count_as_a_lost_lock(calls: responses.RequestsMock) -> None:
    calls.post(f"{ENGINE}/external-task/T-1/extendLock", status=500, json={"message": "No database.", "code": 0})
    calls.post(f"{ENGINE}/external-task/T-1/extendLock", body=requests.ConnectionError())
    calls.post(f"{ENGINE}/external-task/T-1/extendLock", body=ValueError("an unexpected error"))
    calls.post(f"{ENGINE}/external-task/T-1/extendLock", status=204)

    with kept_alive(held_tasks("T-1")) as keeper:
        wait_until(lambda: asked(calls, "T-1") >= 6)
        still_there = keeper.is_alive()

    assert still_there


def test_a_task_that_is_being_reported_is_extended_no_more(calls: responses.RequestsMock) -> None:
    """Not even by an extension that was under way when the report began."""
    is_asked, go_on = threading.Event(), threading.Event()

    def under_way(_: object) -> tuple[int, dict[str, str], str]:
        is_asked.set()
        go_on.wait(HELD_UP)
        return 204, {}, ""

    calls.add_callback("POST", f"{ENGINE}/external-task/T-1/extendLock", under_way)
    calls.post(f"{ENGINE}/external-task/other/extendLock", status=204)
    held = held_tasks("T-1", "other")

    with kept_alive(held):
        assert is_asked.wait(PATIENCE)
        held.stop_extending(ExternalTask({"id": "T-1"}))
        go_on.set()
        wait_until(lambda: asked(calls, "other") >= 5)

    assert asked(calls, "T-1") == 1


def test_a_call_that_hangs_does_not_let_the_other_locks_run_out(calls: responses.RequestsMock) -> None:
    go_on = threading.Event()

    def hang(_: object) -> tuple[int, dict[str, str], str]:
        go_on.wait(HELD_UP)
        return 204, {}, ""

    calls.add_callback("POST", f"{ENGINE}/external-task/slow/extendLock", hang)
    calls.post(f"{ENGINE}/external-task/kept/extendLock", status=204)

    with kept_alive(held_tasks("slow", "kept")):
        wait_until(lambda: asked(calls, "kept") >= 1, what="the other lock extended meanwhile")
        go_on.set()


def test_a_longer_lock_that_the_model_asks_for_is_requested_at_once_and_only_once(
    calls: responses.RequestsMock,
) -> None:
    calls.post(f"{ENGINE}/external-task/long/extendLock", status=204)
    calls.post(f"{ENGINE}/external-task/short/extendLock", status=204)
    held = held_tasks("long", seconds=600.0)
    held.add(ExternalTask({"id": "short"}), None)

    with kept_alive(held):
        wait_until(lambda: asked(calls, "short") >= 3)

    [extension] = [call.request for call in calls.calls if "/long/" in str(call.request.url)]
    assert body_of(extension) == {"workerId": "W", "newDuration": 600_000}


def test_a_task_whose_lock_was_lost_is_not_given_back(calls: responses.RequestsMock) -> None:
    """The engine lets any worker unlock a task, so this would free a task that another worker has taken."""
    calls.post(f"{ENGINE}/external-task/mine/unlock", status=204)
    worker = Worker({}, threads=1)
    mine, lost = ExternalTask({"id": "mine"}), ExternalTask({"id": "lost"})
    worker._held.add(mine, None)
    worker._held.add(lost, None)
    worker._held._locks["lost"].ends_at = 0.0

    worker._give_back(mine)
    worker._give_back(lost)

    assert (asked(calls, "mine"), asked(calls, "lost"), len(worker._held)) == (1, 0, 0)
