"""Health checks and metrics. Without the engine the API stays ready; without the database it is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
import requests
import responses
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deploy.local.ports import free_port
from order_api.api import health
from order_api.camunda.engine import url
from order_api.core import clock
from order_api.core.database import transaction
from order_api.heartbeats.beat import beat
from order_api.heartbeats.models import Heartbeat, Program
from order_api.outbox import lanes
from order_api.outbox.models import OutboxRow, RowKind
from tests.fixtures.service import Client
from tests.fixtures.system import CALL_TIMEOUT, System, wait_until


@pytest.fixture
def without_database(system_env: dict[str, str], tmp_path: Path) -> Iterator[System]:
    nowhere = f"postgresql+psycopg://orders:x@127.0.0.1:{free_port()}/orders"
    system = System({**system_env, "DATABASE_URL": nowhere}, tmp_path)
    system.start("api")
    yield system
    system.stop_all()


def test_without_the_engine_the_service_is_ready_and_says_what_is_missing(server: System) -> None:
    ready = requests.get(f"{server.url}/readyz", timeout=CALL_TIMEOUT)

    assert (ready.status_code, ready.json()["status"], ready.json()["database"]) == (200, "ready", "ok")
    assert ready.json()["engine"].startswith("unavailable")


@pytest.mark.parametrize(
    ("status", "state"), [(200, "ok"), (401, "login refused"), (429, "login locked"), (503, "unavailable")]
)
def test_a_refused_login_a_locked_one_and_silence_of_the_engine_are_told_apart(
    channel: Client, status: int, state: str
) -> None:
    """Our engine answers a locked login with the time to wait and no body."""
    sent: dict[str, Any] = {"json": {"message": "It starts, in about 42 s."}}
    if status == 429:
        sent = {"body": "", "headers": {"Retry-After": "42"}}
    with responses.RequestsMock() as engine:
        engine.get(url("/version"), status=status, **sent)

        told = channel.get("/readyz").get_json()["engine"]

    assert told.split(":")[0] == state
    assert ("42 s" in told) == (status in (429, 503))


def seconds_since(moment: datetime) -> int:
    """Seconds since then, rounded up: the most by which a reported age may have grown."""
    return ceil((clock.now() - moment).total_seconds())


def test_a_program_that_works_is_up_and_one_that_died_falls_silent(channel: Client) -> None:
    now = clock.now()
    with transaction() as session:
        session.execute(delete(Heartbeat))
        beat(session, Program.RELAY, "one")
        beat(session, Program.RELAY, "two")
        session.add(Heartbeat(program=Program.WORKERS, instance="killed", seen_at=now - timedelta(minutes=5)))

    programs = channel.get("/readyz").get_json()["programs"]

    passed = seconds_since(now)
    assert (programs["relay"]["state"], programs["relay"]["running"]) == ("up", 2)
    assert programs["relay"]["seen_seconds_ago"] <= passed
    assert (programs["workers"]["state"], programs["workers"]["running"]) == ("silent", 0)
    assert 300 <= programs["workers"]["seen_seconds_ago"] <= 300 + passed
    assert programs["warehouse"] == {"state": "silent", "running": 0, "seen_seconds_ago": None}


def test_a_program_that_is_long_gone_is_forgotten(session: Session) -> None:
    session.add(Heartbeat(program=Program.RELAY, instance="of last week", seen_at=clock.now() - timedelta(days=7)))
    session.flush()

    beat(session, Program.RELAY, "of today")

    assert session.scalars(select(Heartbeat.instance).where(Heartbeat.instance == "of last week")).all() == []


def test_each_program_sends_heartbeats(server: System) -> None:
    with transaction() as session:
        session.execute(delete(Heartbeat))

    server.start("workers", "relay", "warehouse")

    wait_until(lambda: states_of_programs(server) == {"up"}, what="three heartbeats")


def states_of_programs(system: System) -> set[str]:
    programs = requests.get(f"{system.url}/readyz", timeout=CALL_TIMEOUT).json()["programs"]
    return {program["state"] for program in programs.values()}


def test_unsent_rows_show_their_age_at_once(channel: Client) -> None:
    now = clock.now()
    with transaction() as session:
        session.execute(delete(OutboxRow))
        session.add(mail(created_at=now - timedelta(seconds=90), due_at=now - timedelta(seconds=60)))
        session.add(mail(created_at=now - timedelta(seconds=200), due_at=now + timedelta(seconds=30)))

    outbox = channel.get("/readyz").get_json()["outbox"]

    passed = seconds_since(now)
    assert list(outbox) == ["mail"]
    assert (outbox["mail"]["waiting"], outbox["mail"]["due"]) == (2, 1)
    assert 200 <= outbox["mail"]["oldest_seconds"] <= 200 + passed
    assert 60 <= outbox["mail"]["oldest_due_seconds"] <= 60 + passed


def mail(created_at: datetime, due_at: datetime) -> OutboxRow:
    return OutboxRow(
        lane=lanes.MAIL,
        kind=RowKind.MAIL,
        name="shipped",
        business_key=str(uuid4()),
        created_at=created_at,
        due_at=due_at,
        give_up_at=created_at + timedelta(days=3),
    )


def test_without_the_engine_orders_are_placed(server: System, channel: Client) -> None:
    headers = {"Authorization": f"Bearer {channel.credential}"}

    placed = requests.post(f"{server.url}/v1/orders", json=channel.body(), headers=headers, timeout=CALL_TIMEOUT)

    assert placed.status_code == 201


def test_without_the_database_the_process_lives_but_is_not_ready(without_database: System) -> None:
    alive = requests.get(f"{without_database.url}/healthz", timeout=CALL_TIMEOUT)
    ready = requests.get(f"{without_database.url}/readyz", timeout=CALL_TIMEOUT)

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (503, {"status": "not_ready", "database": "OperationalError"})


def test_without_the_database_a_request_is_refused_with_a_time_to_retry(without_database: System) -> None:
    headers = {"Authorization": "Bearer osk_anybody"}

    answer = requests.get(f"{without_database.url}/v1/orders", headers=headers, timeout=CALL_TIMEOUT)

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "5"


def test_answers_are_counted_by_route_and_status(channel: Client) -> None:
    channel.place()

    metrics = channel.get("/metrics").text

    assert 'order_api_requests_total{method="POST",route="/v1/orders",status="201"}' in metrics


def test_an_unknown_method_is_counted_as_other(channel: Client) -> None:
    channel.call("MADE-UP", "/v1/orders")

    metrics = channel.get("/metrics").text
    assert 'order_api_requests_total{method="other",route="unknown",status="405"}' in metrics
    assert "MADE-UP" not in metrics


def test_an_address_that_does_not_exist_is_a_problem(channel: Client) -> None:
    answer = channel.get("/v1/ordres")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert answer.content_type == "application/problem+json"


def test_a_method_that_is_not_offered_is_answered_with_those_that_are(channel: Client) -> None:
    answer = channel.call("DELETE", "/v1/orders")

    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_slow_engine_holds_one_request_at_a_time(channel: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asking, go_on = Event(), Event()

    def slow() -> str:
        asking.set()
        assert go_on.wait(30)
        return "ok"

    monkeypatch.setattr(health, "_ask_engine", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(channel.get, "/readyz")
        assert asking.wait(30)
        others = [channel.get("/readyz").status_code for _ in range(3)]
        go_on.set()

    assert others == [200] * 3
    assert first.result().get_json()["engine"] == "ok"
