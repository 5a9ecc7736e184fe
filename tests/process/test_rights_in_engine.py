"""Rights in the engine: every person of the demo tries every kind of act over its REST API."""

from contextlib import nullcontext
from typing import Any

import pytest
import requests

from order_api.camunda.demo_people import DEMO_PEOPLE
from order_api.camunda.deployment import deploy
from order_api.camunda.engine import get, post, session, url
from order_api.camunda.identity import create_demo_people, prepare_groups
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD, wait_until
from tests.process.test_human_tasks import MODEL, status_as
from tests.process.test_models_deploy import MODELS

CSR, STORE, SUPERVISOR, OPERATOR = (person.id for person in DEMO_PEOPLE)
ALL, NONE = {CSR, STORE, SUPERVISOR, OPERATOR}, set[str]()
DISPATCHERS = {SUPERVISOR, OPERATOR}

# `{task}` is offered to supervisors; `{order}` is the process of an order.
REVIEW_TASK: dict[str, tuple[str, str, Any, set[str]]] = {
    "sees it": ("GET", "/task/{task}", None, DISPATCHERS),
    "opens its form": ("GET", "/task/{task}/form-variables", None, DISPATCHERS),
    "claims it": ("POST", "/task/{task}/claim", {"userId": "{user}"}, {SUPERVISOR}),
    "completes it": ("POST", "/task/{task}/complete", {}, {SUPERVISOR}),
    "gives it back": ("POST", "/task/{task}/unclaim", {}, DISPATCHERS),
    "assigns it": ("POST", "/task/{task}/assignee", {"userId": CSR}, DISPATCHERS),
    # For the engine, the next two need the same right as assigning a task.
    "delegates it": ("POST", "/task/{task}/delegate", {"userId": CSR}, DISPATCHERS),
    "renames it": ("PUT", "/task/{task}", {"name": "Done"}, DISPATCHERS),
    "throws an error of the model from it": ("POST", "/task/{task}/bpmnError", {"errorCode": "order_given_up"}, NONE),
    "throws it by a disguised address": ("POST", "/task/{task}/bpmn%45rror", {"errorCode": "order_given_up"}, NONE),
    "escalates from it": ("POST", "/task/{task}/bpmnEscalation", {"escalationCode": "order_given_up"}, NONE),
    "points its link elsewhere": ("PUT", "/task/{task}/variables/order_url", {"value": "http://evil.example"}, NONE),
}
ORDER: dict[str, tuple[str, str, Any, set[str]]] = {
    "sees where it stands": ("GET", "/process-instance/{order}/activity-instances", None, ALL),
    "reads its history": ("GET", "/history/process-instance/{order}", None, {OPERATOR}),
    "changes a variable": ("PUT", "/process-instance/{order}/variables/total", {"value": "1"}, NONE),
    "suspends it": ("PUT", "/process-instance/{order}/suspended", {"suspended": True}, {OPERATOR}),
    "deletes it": ("DELETE", "/process-instance/{order}", None, NONE),
    "starts one": ("POST", "/process-definition/key/order-submit/start", {}, NONE),
}
ENGINE: dict[str, tuple[str, str, Any, set[str]]] = {
    "makes a user": (
        "POST",
        "/user/create",
        {"profile": {"id": "friend", "firstName": "A", "lastName": "B"}, "credentials": {"password": "friend"}},
        NONE,
    ),
    "joins the supervisors": ("PUT", "/group/csr-admin/members/{user}", None, NONE),
    "grants itself everything": (
        "POST",
        "/authorization/create",
        {"type": 1, "permissions": ["ALL"], "userId": "{user}", "resourceType": 8, "resourceId": "*"},
        NONE,
    ),
}
ACTS = REVIEW_TASK | ORDER | ENGINE
ONLY_OURS_REFUSES = {
    "throws an error of the model from it",
    "throws it by a disguised address",
    "escalates from it",
    "changes a variable",
}
TRIED = [pytest.param(act, marks=[pytest.mark.ours_only] if act in ONLY_OURS_REFUSES else []) for act in ACTS]
PEOPLE = sorted(ALL)


@pytest.fixture(scope="module", autouse=True)
def _people_and_models(connected: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    deploy(MODELS, nullcontext(), force=True)
    session().post(url("/deployment/create"), data={"deployment-name": "two"}, files={"m": ("two.bpmn", MODEL)})
    two = tmp_path_factory.mktemp("two")
    (two / "two.bpmn").write_text(MODEL)
    for models in (MODELS, two):
        prepare_groups(models)
    create_demo_people({person.id: PASSWORD for person in DEMO_PEOPLE})


@pytest.fixture
def names() -> dict[str, str]:
    """A new task and a new order for each try, once the engine has come to rest."""
    waiting = post("/process-definition/key/two-people/start", {})["id"]
    task = get("/task", processInstanceId=waiting)[0]["id"]
    order = str(post("/process-definition/key/order-submit/start", {})["id"])
    wait_until(lambda: get("/external-task", processInstanceId=order), what="the first task of the order")
    return {"task": task, "order": order}


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    return value.format(**names) if isinstance(value, str) else value


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("act", TRIED)
def test_who_may_do_what(names: dict[str, str], person: str, act: str) -> None:
    method, path, body, allowed = ACTS[act]
    names["user"] = person

    answer = requests.request(
        method, url(filled(path, names)), json=filled(body, names), auth=(person, PASSWORD), timeout=CALL_TIMEOUT
    )

    # The engine answers 404 for objects that the person may not see.
    assert answer.status_code in ((200, 204) if person in allowed else (403, 404)), answer.text


@pytest.mark.parametrize("person", sorted(DISPATCHERS))
def test_a_claimed_task_is_given_back_and_taken_over(names: dict[str, str], person: str) -> None:
    task = f"/task/{names['task']}"
    post(f"{task}/claim", {"userId": "admin"})

    assert status_as(person, "POST", f"{task}/unclaim", json={}) == 204
    assert get(task)["assignee"] is None
    assert status_as(person, "POST", f"{task}/assignee", json={"userId": SUPERVISOR}) == 204
    assert status_as(SUPERVISOR, "POST", f"{task}/complete", json={}) == 204


@pytest.mark.parametrize("person", PEOPLE)
def test_no_person_deploys(person: str) -> None:
    answer = requests.post(
        url("/deployment/create"),
        data={"deployment-name": "two"},
        files={"m": ("two.bpmn", MODEL)},
        auth=(person, PASSWORD),
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("person", [CSR, STORE, SUPERVISOR])
@pytest.mark.usefixtures("names")
def test_a_person_who_works_in_queues_gets_no_task_of_the_workers(person: str) -> None:
    wanted = {"workerId": person, "maxTasks": 10, "topics": [{"topicName": "screen-fraud", "lockDuration": 1000}]}

    answer = requests.post(
        url("/external-task/fetchAndLock"), json=wanted, auth=(person, PASSWORD), timeout=CALL_TIMEOUT
    )

    assert answer.status_code == 403 or answer.json() == []
