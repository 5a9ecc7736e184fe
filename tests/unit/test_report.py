"""Reports of tasks to the engine, including reports that it refuses."""

import responses
from camunda.external_task.external_task import ExternalTask, TaskResult

from order_api.camunda.external_tasks import TaskClient, executor
from tests.unit.engine_mock import ENGINE, body_of
from workers.runtime.report import Reporter


def test_an_unreadable_task_is_reported_as_hopeless_when_the_first_report_is_refused(
    calls: responses.RequestsMock,
) -> None:
    calls.post(f"{ENGINE}/external-task/T-1/complete", status=500, json={"message": "ENGINE-09027", "code": 0})
    calls.post(f"{ENGINE}/external-task/T-1/failure", status=204)
    names = {"id": "T-1", "workerId": "W", "topicName": "t", "activityId": "a", "businessKey": None}
    unreadable = ExternalTask({**names, "variables": {}, "extensionProperties": {}})

    word = Reporter(executor(TaskClient("W"))).report(unreadable, TaskResult.success(unreadable, {}))

    assert word == "refused"
    body = body_of(calls.calls[-1].request)
    assert (body["retries"], body["retryTimeout"]) == (0, 0)
    assert "ENGINE-09027" in body["errorMessage"]
