"""People write variables through their forms only, and work only on tasks that no other person has claimed."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from deploy.local.engine import LocalEngine
from tests.fixtures.shop import Json, Shop
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD

pytestmark = pytest.mark.ours_only

CSR, STORE, SUPERVISOR, OPERATOR = "carla-csr", "stan-store", "sue-supervisor", "otto-operator"
QUEUE = "usertask_payment_declined"
CENT = {"total": {"value": "0.01", "type": "String"}, "payment_time_limit": {"value": "P9Y", "type": "String"}}

ACTS: dict[str, tuple[str, str, Any]] = {
    "completes": ("POST", "/task/{task}/complete", {"variables": CENT}),
    "submits the form": ("POST", "/task/{task}/submit-form", {"variables": CENT}),
    "resolves": ("POST", "/task/{task}/resolve", {"variables": CENT}),
    "throws an error": ("POST", "/task/{task}/bpmnError", {"errorCode": "order_given_up", "variables": CENT}),
    "escalates": ("POST", "/task/{task}/bpmnEscalation", {"escalationCode": "e", "variables": CENT}),
    "changes a variable of the task": ("PUT", "/task/{task}/variables/total", CENT["total"]),
    "changes variables of the task": ("POST", "/task/{task}/variables", {"modifications": CENT}),
    "deletes a variable of the task": ("DELETE", "/task/{task}/variables/total", None),
    "changes a local variable of the task": ("PUT", "/task/{task}/localVariables/total", CENT["total"]),
    "changes a variable of the order": ("PUT", "/process-instance/{order}/variables/total", CENT["total"]),
    "changes variables of the order": ("POST", "/process-instance/{order}/variables", {"modifications": CENT}),
    "changes variables of many": (
        "POST",
        "/process-instance/variables-async",
        {"processInstanceIds": ["{order}"], "variables": CENT},
    ),
    "changes a variable of an execution": ("PUT", "/execution/{order}/localVariables/total", CENT["total"]),
    "signals": ("POST", "/execution/{order}/signal", {"variables": CENT}),
    "states a fact": (
        "POST",
        "/message",
        {"messageName": "payment-method-replaced", "businessKey": "{number}", "processVariables": CENT},
    ),
    "states a fact without a variable": (
        "POST",
        "/message",
        {"messageName": "payment-method-replaced", "businessKey": "{number}"},
    ),
    "moves the order": (
        "POST",
        "/process-instance/{order}/modification",
        {"instructions": [{"type": "startBeforeActivity", "activityId": "task_authorize_payment", "variables": CENT}]},
    ),
    "starts an order": ("POST", "/process-definition/key/order-submit/start", {"variables": CENT}),
}


@pytest.fixture(scope="module")
def names(shop: Shop) -> dict[str, str]:
    order = shop.place(token="tok_decline")
    task = shop.wait_for_task(order["id"], QUEUE)
    shop.engine("POST", f"/task/{task['id']}/claim", {"userId": CSR}, user=CSR)
    return {"task": task["id"], "order": task["processInstanceId"], "number": order["number"], "id": order["id"]}


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return value.format(**names) if isinstance(value, str) else value


def variables(shop: Shop, names: dict[str, str]) -> list[tuple[str, ...]]:
    """Name, execution and value of every variable, local ones included."""
    found = shop.engine("GET", "/variable-instance", processInstanceIdIn=names["order"], deserializeValues="false")
    return sorted((row["name"], row["executionId"], str(row["value"])) for row in found)


@pytest.mark.parametrize("mount", ["/engine-rest", "/engine-rest/engine/default"])
@pytest.mark.parametrize("person", [CSR, SUPERVISOR, OPERATOR])
@pytest.mark.parametrize("act", ACTS)
def test_no_person_writes_a_variable_past_the_form(
    shop: Shop, engine: LocalEngine, names: dict[str, str], person: str, act: str, mount: str
) -> None:
    before = variables(shop, names)
    method, path, body = ACTS[act]

    answer = requests.request(
        method,
        engine.url.removesuffix("/engine-rest") + mount + path.format(**names),
        json=filled(body, names),
        auth=(person, PASSWORD),
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 403, answer.text
    assert variables(shop, names) == before
    assert shop.wait_for_task(names["id"], QUEUE)["id"] == names["task"]


@pytest.mark.parametrize("act", ["completes", "resolves", "changes a variable of the task"])
def test_the_web_applications_are_no_way_around_the_form(
    shop: Shop, engine: LocalEngine, names: dict[str, str], act: str
) -> None:
    method, path, body = ACTS[act]
    with logged_in(engine, CSR) as browser:
        answer = browser.request(
            method,
            f"{web(engine)}/api/engine/engine/default{path.format(**names)}",
            json=filled(body, names),
            headers={"X-XSRF-TOKEN": browser.cookies["XSRF-TOKEN"]},
            timeout=CALL_TIMEOUT,
        )

    assert (answer.status_code, answer.json()["type"]) == (403, "NotByForm")
    assert shop.wait_for_task(names["id"], QUEUE)["id"] == names["task"]


@pytest.mark.parametrize("how", ["complete", "submit-form"])
def test_a_field_of_the_form_makes_no_object_of_a_class_that_the_person_names(
    shop: Shop, engine: LocalEngine, names: dict[str, str], how: str, tmp_path: Path
) -> None:
    """This class empties the file of that name while the engine makes the object."""
    precious = tmp_path / "precious"
    precious.write_text("kept")
    kind = {"objectTypeName": "org.apache.commons.io.output.LockableFileWriter"}
    value = {"value": json.dumps(str(precious)), "valueInfo": {**kind, "serializationDataFormat": "application/json"}}

    answer = requests.post(
        f"{engine.url}/task/{names['task']}/{how}",
        json={"variables": {"decision": {"type": "Object", **value}}},
        auth=(CSR, PASSWORD),
        timeout=CALL_TIMEOUT,
    )

    assert (answer.status_code, answer.json()["type"]) == (403, "NotByForm")
    assert precious.read_text() == "kept"
    assert shop.wait_for_task(names["id"], QUEUE)["id"] == names["task"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_a_line_separator_in_a_name_is_no_way_past_the_form(
    shop: Shop, engine: LocalEngine, names: dict[str, str], separator: str
) -> None:
    before = variables(shop, names)

    answer = requests.put(
        f"{engine.url}/process-instance/{names['order']}/variables/x{quote(separator)}",
        json={"value": "evil", "type": "String"},
        auth=(OPERATOR, PASSWORD),
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 400, answer.text
    assert variables(shop, names) == before


def web(engine: LocalEngine) -> str:
    return f"{engine.url.removesuffix('/engine-rest')}/camunda"


def logged_in(engine: LocalEngine, person: str) -> requests.Session:
    browser = requests.Session()
    browser.get(f"{web(engine)}/app/tasklist/default/", timeout=CALL_TIMEOUT)
    answer = browser.post(
        f"{web(engine)}/api/admin/auth/user/default/login/tasklist",
        data={"username": person, "password": PASSWORD},
        headers={"X-XSRF-TOKEN": browser.cookies["XSRF-TOKEN"]},
        timeout=CALL_TIMEOUT,
    )
    assert answer.status_code == 200, answer.text
    return browser


@pytest.mark.parametrize("field", ["order_id", "error_message", "decision_of"])
def test_a_field_that_the_form_does_not_have_is_named(engine: LocalEngine, names: dict[str, str], field: str) -> None:
    sent = {"variables": {"decision": {"value": "retry"}, field: {"value": "private"}}}

    answer = requests.post(
        f"{engine.url}/task/{names['task']}/complete", json=sent, auth=(CSR, PASSWORD), timeout=CALL_TIMEOUT
    )

    assert answer.status_code == 403
    assert answer.json() == {"type": "NotByForm", "message": f"The form of the task has no such field: {field}."}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/task/{task}/comment", None),
        ("POST", "/task/{task}/comment/create", {"message": "hello"}),
        ("GET", "/task/{task}/attachment", None),
        ("POST", "/identity/verify", {"username": SUPERVISOR, "password": PASSWORD}),
    ],
)
@pytest.mark.parametrize("person", [CSR, STORE])
def test_what_camunda_opens_to_every_user_is_closed_or_needs_the_right_to_read_history(
    engine: LocalEngine, names: dict[str, str], person: str, method: str, path: str, body: Any
) -> None:
    address, auth = engine.url + path.format(**names), (person, PASSWORD)

    answer = requests.request(method, address, json=body, auth=auth, timeout=CALL_TIMEOUT)

    assert answer.status_code in (400, 403, 404)


# Whose task it is.


def offered(shop: Shop) -> tuple[Json, str]:
    order = shop.place(token="tok_decline")
    return order, str(shop.wait_for_task(order["id"], QUEUE)["id"])


@pytest.mark.parametrize("user", [SUPERVISOR, None])
def test_a_task_is_claimed_for_oneself_only(shop: Shop, engine: LocalEngine, user: str | None) -> None:
    _, task = offered(shop)

    answer = requests.post(
        f"{engine.url}/task/{task}/claim", json={"userId": user}, auth=(CSR, PASSWORD), timeout=CALL_TIMEOUT
    )

    assert answer.status_code == 403
    assert shop.engine("GET", f"/task/{task}")["assignee"] is None


@pytest.mark.parametrize("act", ["complete", "submit-form", "claim"])
def test_no_person_works_on_a_task_that_another_has_claimed(shop: Shop, engine: LocalEngine, act: str) -> None:
    _, task = offered(shop)
    shop.engine("POST", f"/task/{task}/claim", {"userId": CSR}, user=CSR)
    decision = {"variables": {"decision": {"value": "cancel"}, "decision_reason": {"value": "mine"}}}

    answer = requests.post(
        f"{engine.url}/task/{task}/{act}",
        json={"userId": SUPERVISOR} if act == "claim" else decision,
        auth=(SUPERVISOR, PASSWORD),
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 403, answer.text
    assert shop.engine("GET", f"/task/{task}")["assignee"] == CSR


def test_a_person_who_may_assign_tasks_takes_one_over_and_decides(shop: Shop) -> None:
    order, task = offered(shop)
    shop.engine("POST", f"/task/{task}/claim", {"userId": CSR}, user=CSR)

    shop.engine("POST", f"/task/{task}/assignee", {"userId": SUPERVISOR}, user=SUPERVISOR)
    decision = {"decision": {"value": "cancel"}, "decision_reason": {"value": "took it over"}}
    shop.submit(task, decision, SUPERVISOR)

    shop.wait_for_status(order["id"], "canceled")


@pytest.mark.parametrize("mount", ["/engine-rest", "/engine-rest/engine/default"])
@pytest.mark.parametrize("person", [STORE, CSR, OPERATOR])
def test_no_person_stops_a_timer_by_trying_to_run_it(
    shop: Shop, engine: LocalEngine, names: dict[str, str], person: str, mount: str
) -> None:
    """To Camunda a refused execution is a failed one, and three failed ones are the last."""
    [timer] = shop.engine("GET", "/job", processInstanceId=names["order"])
    path = f"{engine.url.removesuffix('/engine-rest')}{mount}/job/{timer['id']}/execute"

    answers = [requests.post(path, auth=(person, PASSWORD), timeout=CALL_TIMEOUT) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {403}
    assert shop.engine("GET", f"/job/{timer['id']}")["retries"] == timer["retries"]


@pytest.mark.parametrize(
    ("method", "act", "body"),
    [
        ("PUT", "/suspended", {"suspended": True}),
        ("PUT", "/duedate", {"duedate": "2099-01-01T00:00:00.000+0000"}),
        ("PUT", "/retries", {"retries": 0}),
        ("PUT", "/priority", {"priority": 1}),
        ("DELETE", "", None),
    ],
)
@pytest.mark.parametrize("person", [STORE, CSR, OPERATOR])
def test_only_administrators_change_the_clean_up_of_the_history(
    shop: Shop, engine: LocalEngine, person: str, method: str, act: str, body: Any
) -> None:
    """It is a job of no process, for which Camunda asks no right."""
    [job] = shop.engine("GET", "/history/cleanup/jobs")
    path = f"{engine.url}/job/{job['id']}{act}"

    answer = requests.request(method, path, json=body, auth=(person, PASSWORD), timeout=CALL_TIMEOUT)

    assert answer.status_code == 403, answer.text
    assert shop.engine("GET", f"/job/{job['id']}") == job
