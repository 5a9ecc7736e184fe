"""Who decided, what a queue shows and what each group may do, on a real engine."""

from contextlib import nullcontext
from typing import Any

import pytest
import requests

from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.deployment import deploy
from order_api.camunda.engine import get, post, session, url
from order_api.camunda.filters import QUEUES, ensure_queue
from order_api.camunda.identity import create_demo_people, prepare_groups
from order_api.camunda.user_tasks import completed_by
from order_api.core.settings import settings
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD
from tests.process.test_models_deploy import MODELS

MODEL = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<bpmn:message id="m" name="never-mind"/>
<bpmn:process id="two-people" isExecutable="true" camunda:historyTimeToLive="P1D">
 <bpmn:startEvent id="s"/>
 <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="usertask_review"/>
 <bpmn:userTask id="usertask_review" camunda:candidateGroups="csr-admin">
  <bpmn:extensionElements>
   <camunda:taskListener id="l" event="complete" expression="${task.setAssignee(currentUser())}"/>
  </bpmn:extensionElements>
 </bpmn:userTask>
 <bpmn:boundaryEvent id="b" attachedToRef="usertask_review">
  <bpmn:messageEventDefinition id="e" messageRef="m"/>
 </bpmn:boundaryEvent>
 <bpmn:sequenceFlow id="g" sourceRef="usertask_review" targetRef="usertask_again"/>
 <bpmn:sequenceFlow id="h" sourceRef="b" targetRef="usertask_again"/>
 <bpmn:userTask id="usertask_again"/>
 <bpmn:sequenceFlow id="i" sourceRef="usertask_again" targetRef="usertask_review"/>
</bpmn:process></bpmn:definitions>"""


@pytest.fixture(scope="module", autouse=True)
def _people_and_models(connected: None) -> None:
    deploy(MODELS, nullcontext(), force=True)
    prepare_groups(MODELS)
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})
    session().post(url("/deployment/create"), data={"deployment-name": "two"}, files={"m": ("two.bpmn", MODEL)})


@pytest.fixture
def instance() -> str:
    return str(post("/process-definition/key/two-people/start", {})["id"])


def complete(instance: str, user: str | None = None) -> None:
    task = get("/task", processInstanceId=instance)[0]["id"]
    auth = (user, PASSWORD) if user else session().auth
    session().post(url(f"/task/{task}/complete"), json={}, auth=auth)


def status_as(user: str, method: str, path: str, **more: Any) -> int:
    return requests.request(method, url(path), auth=(user, PASSWORD), timeout=CALL_TIMEOUT, **more).status_code


def test_a_decision_belongs_to_the_person_who_completes_the_task_even_if_another_claimed_it(instance: str) -> None:
    task = get("/task", processInstanceId=instance)[0]["id"]
    post(f"/task/{task}/claim", {"userId": "admin"})
    post(f"/task/{task}/assignee", {"userId": "sue-supervisor"})
    complete(instance, "sue-supervisor")

    decision = completed_by(instance, "usertask_review")

    assert decision is not None
    assert decision.user == "sue-supervisor"
    assert decision.ended_at.tzinfo is not None


def test_an_open_task_has_no_decision(instance: str) -> None:
    assert completed_by(instance, "usertask_review") is None


def test_a_task_taken_away_by_a_message_has_no_decision(instance: str) -> None:
    post("/message", {"messageName": "never-mind", "processInstanceId": instance})

    assert completed_by(instance, "usertask_review") is None


def test_only_this_instance_and_this_task_count(instance: str) -> None:
    other = str(post("/process-definition/key/two-people/start", {})["id"])
    complete(other, "sue-supervisor")

    assert completed_by(instance, "usertask_review") is None
    assert completed_by(other, "usertask_again") is None


def test_of_two_completions_the_last_counts(instance: str) -> None:
    complete(instance, "sue-supervisor")
    complete(instance)
    complete(instance)

    decision = completed_by(instance, "usertask_review")

    assert decision is not None
    assert decision.user == settings().engine_user


def test_preparing_twice_changes_nothing() -> None:
    before = [get(path) for path in ("/authorization", "/filter", "/user", "/group")]

    prepare_groups(MODELS)
    create_demo_people({person.id: "another" for person in DEMO_PEOPLE})

    assert [get(path) for path in ("/authorization", "/filter", "/user", "/group")] == before
    assert status_as("carla-csr", "GET", "/filter") == 200


def test_each_group_sees_its_queues_only() -> None:
    ids = {queue.name: ensure_queue(queue) for queue in QUEUES}

    assert status_as("stan-store", "GET", f"/filter/{ids['Unable to ship']}/list") == 200
    assert status_as("stan-store", "GET", f"/filter/{ids['Fraud review']}/list") == 403
    assert status_as("carla-csr", "GET", f"/filter/{ids['Fraud review']}/list") == 403
    assert status_as("sue-supervisor", "GET", f"/filter/{ids['Fraud review']}/list") == 200


def test_a_task_that_is_in_no_other_queue_is_seen_only_by_the_group_that_it_is_offered_to(instance: str) -> None:
    others = {queue.name: ensure_queue(queue) for queue in QUEUES}["Other tasks"]

    assert instance in instances_in(others, "sue-supervisor")
    assert instance not in instances_in(others, "carla-csr")
    assert instance not in instances_in(others, "stan-store")
    assert status_as("otto-operator", "GET", f"/filter/{others}/list") == 403


def instances_in(queue: str, user: str) -> set[str]:
    tasks = requests.get(url(f"/filter/{queue}/list"), auth=(user, PASSWORD), timeout=CALL_TIMEOUT).json()
    return {task["processInstanceId"] for task in tasks}


def test_an_operator_repairs_instances_and_deploys_nothing() -> None:
    order = str(post("/process-definition/key/order-submit/start", {})["id"])

    assert status_as("otto-operator", "GET", f"/process-instance/{order}/activity-instances") == 200
    assert status_as("otto-operator", "PUT", f"/process-instance/{order}/suspended", json={"suspended": True}) == 204
    assert status_as("otto-operator", "DELETE", f"/process-instance/{order}") == 403
    refused = {"data": {"deployment-name": "two"}, "files": {"m": ("two.bpmn", MODEL)}}
    assert status_as("otto-operator", "POST", "/deployment/create", **refused) == 403
