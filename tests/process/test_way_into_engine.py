"""Our engine lets in the service and its users; strangers who guess passwords keep neither out."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import requests

from deploy.local.engine import LocalEngine
from tests.fixtures.callers import From, guess, log_in, new_address, status
from tests.fixtures.engines import OurEngine
from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD

pytestmark = pytest.mark.ours_only

CSR = "carla-csr"
# The service.


def test_wrong_passwords_for_the_admin_and_for_the_service_stop_nothing(
    shop: Shop, engine: LocalEngine, elsewhere: requests.Session
) -> None:
    """Not even wrong passwords from the service's own address stop it."""
    with ThreadPoolExecutor(4) as strangers:
        list(strangers.map(lambda _: status(engine, "admin", "wrong", elsewhere), range(20)))
        refused = set(strangers.map(lambda _: status(engine, "order-service", "wrong"), range(40)))

    order = shop.place()
    shop.wait_for_activity(order["id"], "wait_for_shipment")
    assert refused == {401}
    assert shop.call("GET", "/readyz").json()["engine"] == "ok"


def test_the_admin_whose_password_a_stranger_guesses_logs_in(engine: LocalEngine, elsewhere: requests.Session) -> None:
    with requests.Session() as stranger:
        stranger.mount("http://", From(new_address()))
        assert guess(engine, "admin", stranger, 12)[-1] == 429

    assert status(engine, "admin", engine.admin_password, elsewhere) == 200


def test_the_engine_names_the_service_as_the_one_who_acts(shop: Shop) -> None:
    """The history names it. A Java test checks the log of operations, which ENGINE_HISTORY=full turns on."""
    order = shop.place()
    instance = shop.wait_for_activity(order["id"], "wait_for_shipment")

    assert shop.engine("GET", f"/history/process-instance/{instance}")["startUserId"] == "order-service"


def test_no_person_gets_the_name_of_the_service(shop: Shop, engine: LocalEngine) -> None:
    body = {"profile": {"id": "order-service", "firstName": "", "lastName": ""}, "credentials": {"password": PASSWORD}}

    made = requests.post(
        f"{engine.url}/user/create", json=body, auth=("admin", engine.admin_password), timeout=CALL_TIMEOUT
    )

    assert (made.status_code, "cannot be a user" in made.json()["message"]) == (400, True)
    assert shop.engine("GET", "/user", id="order-service") == []
    assert log_in(engine, "order-service", engine.password) == 401


def test_both_secrets_are_valid_while_one_replaces_the_other(engine: OurEngine) -> None:
    assert status(engine, "order-service", engine.password) == 200
    assert status(engine, "order-service", engine.password_before) == 200


def test_a_parked_poll_of_the_service_fetches_and_one_of_a_person_does_not(shop: Shop, engine: LocalEngine) -> None:
    topic = f"lab-{uuid4().hex[:8]}"
    wanted = {
        "workerId": "w",
        "maxTasks": 1,
        "asyncResponseTimeout": 20_000,
        "topics": [{"topicName": topic, "lockDuration": 1000}],
    }
    deploy_waiting_for(shop, topic)

    def poll(login: tuple[str, str]) -> requests.Response:
        return requests.post(f"{engine.url}/external-task/fetchAndLock", json=wanted, auth=login, timeout=CALL_TIMEOUT)

    with ThreadPoolExecutor(1) as worker:
        parked = worker.submit(poll, (engine.user, engine.password))
        person = poll((CSR, PASSWORD))
        shop.engine("POST", f"/process-definition/key/{topic}/start", {})
        [task] = parked.result().json()

    assert (task["topicName"], person.status_code) == (topic, 403)


def deploy_waiting_for(shop: Shop, topic: str) -> None:
    model = f"""<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="lab"
     xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><bpmn:process id="{topic}" isExecutable="true"
     camunda:historyTimeToLive="P1D"><bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
     <bpmn:serviceTask id="t" camunda:type="external" camunda:topic="{topic}"/></bpmn:process></bpmn:definitions>"""
    answer = requests.post(
        f"{shop.system.env['ENGINE_URL']}/deployment/create",
        data={"deployment-name": topic},
        files={"m": (f"{topic}.bpmn", model)},
        auth=(shop.system.env["ENGINE_USER"], shop.system.env["ENGINE_PASSWORD"]),
        timeout=CALL_TIMEOUT,
    )
    assert answer.ok, answer.text


# Monitoring and logs.


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", ["", "/metrics", "/prometheus"])
def test_only_callers_with_a_password_see_what_the_engine_measures(engine: LocalEngine, path: str) -> None:
    address = f"{engine.url.removesuffix('/engine-rest')}/actuator{path}"
    stranger = requests.get(address, timeout=CALL_TIMEOUT)
    service = requests.get(address, auth=(engine.user, engine.password), timeout=CALL_TIMEOUT)
    person = requests.get(address, auth=("admin", engine.admin_password), timeout=CALL_TIMEOUT)

    assert (stranger.status_code, service.status_code, person.status_code) == (401, 200, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/actuator/health/../prometheus",
        "/actuator/health;x/prometheus",
        # Camunda's own log-in lets these two pass without a password, with all rights.
        "/camunda;aaaaaa/api/engine/default/user/count",
        "/camunda////////api/engine/default/user/count",
        "/engine-rest/process-instance/x/variables/%2e%2e",
        "/engine-rest/process-instance/x/variables/a%0Ab",
        "/camun%64a/api/engine/engine/default/user/count",
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_refused(engine: LocalEngine, path: str) -> None:
    host, port = engine.url.removeprefix("http://").removesuffix("/engine-rest").split(":")
    caller = HTTPConnection(host, int(port), timeout=CALL_TIMEOUT)

    caller.request("GET", path)

    assert caller.getresponse().status == 400
    caller.close()


def test_anyone_may_see_the_health_of_the_engine(engine: LocalEngine) -> None:
    address = engine.url.removesuffix("/engine-rest")

    answer = requests.get(f"{address}/actuator/health", timeout=CALL_TIMEOUT)

    assert (answer.status_code, answer.json()) == (200, {"status": "UP"})


def answered_raw(engine: LocalEngine, head: str) -> bytes:
    """The answer to a request that no HTTP library would send."""
    address = urlsplit(engine.url)
    with socket.create_connection((address.hostname, address.port), timeout=CALL_TIMEOUT) as connection:
        connection.sendall(f"{head}Host: engine\r\n\r\n".encode())
        return connection.recv(1_000)


def test_the_engines_log_holds_no_refused_value_and_no_secret(shop: Shop, engine: LocalEngine) -> None:
    order = shop.place(token="tok_decline")
    task = shop.wait_for_task(order["id"], "usertask_payment_declined")
    shop.engine("POST", f"/task/{task['id']}/claim", {"userId": CSR}, user=CSR)
    value = f"private-{uuid4().hex}"
    bodies: list[Any] = [
        {"variables": {"decision": {"value": value, "type": "Integer"}}},
        {"variables": {"decision": {"value": value, "type": "Object", "valueInfo": {}}}},
        {"variables": {"total": {"value": value}}},
        {"variables": {"decision": {"value": value + 5_000 * "x"}}},
        {"variables": value},
    ]

    with requests.Session() as session:
        session.auth = (CSR, PASSWORD)
        for body in (*map(json.dumps, bodies), value, f'{{"{value}'):
            for act in ("complete", "submit-form"):
                answer = session.post(
                    f"{engine.url}/task/{task['id']}/{act}",
                    data=body,
                    headers={"Content-Type": "application/json"},
                    timeout=CALL_TIMEOUT,
                )
                assert answer.status_code >= 400, answer.text

    unreadable = f"GET /engine-rest/task?x={{{value} HTTP/1.1\r\n", f"GET / HTTP/1.1\r\nAuthorization : {value}\r\n"
    for head in unreadable:
        assert b" 400 " in answered_raw(engine, head)

    log = engine.log.read_text(errors="replace")
    assert value not in log
    assert engine.password not in log
