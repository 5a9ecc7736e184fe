"""What load balancers, operators and Prometheus ask. Without the engine nothing is red; without the database all is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deploy.local.ports import free_port
from tests.fixtures.service import Client
from tests.fixtures.system import System


@pytest.fixture
def without_database(system_env: dict[str, str], tmp_path: Path) -> Iterator[System]:
    nowhere = f"postgresql+psycopg://orders:x@127.0.0.1:{free_port()}/orders"
    system = System({**system_env, "DATABASE_URL": nowhere}, tmp_path)
    system.start("api")
    yield system
    system.stop_all()


def test_without_the_engine_the_service_is_ready_and_says_what_is_missing(server: System) -> None:
    ready = requests.get(f"{server.url}/readyz", timeout=10)

    assert (ready.status_code, ready.json()["status"], ready.json()["database"]) == (200, "ready", "ok")
    assert ready.json()["engine"].startswith("unavailable")


def test_without_the_engine_orders_are_placed(server: System, channel: Client) -> None:
    headers = {"Authorization": f"Bearer {channel.credential}"}

    placed = requests.post(f"{server.url}/v1/orders", json=channel.body(), headers=headers, timeout=10)

    assert placed.status_code == 201


def test_without_the_database_the_process_lives_but_is_not_ready(without_database: System) -> None:
    alive = requests.get(f"{without_database.url}/healthz", timeout=10)
    ready = requests.get(f"{without_database.url}/readyz", timeout=30)

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "not_ready", "database": "OperationalError"})


def test_without_the_database_a_request_is_refused_with_what_to_do(without_database: System) -> None:
    headers = {"Authorization": "Bearer osk_anybody"}

    answer = requests.get(f"{without_database.url}/v1/orders", headers=headers, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"


def test_answers_are_counted_by_route_and_status(channel: Client) -> None:
    channel.place()

    metrics = channel.get("/metrics").text

    assert 'order_api_requests_total{method="POST",route="/v1/orders",status="201"}' in metrics


def test_an_address_that_does_not_exist_is_a_problem(channel: Client) -> None:
    answer = channel.get("/v1/ordres")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert answer.content_type == "application/problem+json"


def test_a_method_that_is_not_offered_is_answered_with_those_that_are(channel: Client) -> None:
    answer = channel.call("DELETE", "/v1/orders")

    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}
