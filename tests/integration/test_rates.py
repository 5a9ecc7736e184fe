"""The rate of a key over HTTP: its own or its collection's, over two processes of a real server."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import update

from order_api.core.database import transaction
from order_api.stores.models import OrderCollection
from order_api.words import Role
from tests.factories.companies import Company, create_api_key, create_company
from tests.factories.counted_queries import counted_queries
from tests.fixtures.service import Client
from tests.fixtures.system import System

SECONDS, RATE, CLIENTS = 6.0, 20, 24


def answers(client: Client, number: int) -> Counter[int]:
    return Counter(client.get("/v1/orders").status_code for _ in range(number))


def test_a_key_with_a_rate_of_its_own_is_refused_above_it(app: Flask, company: Company) -> None:
    client = Client(app, company, create_api_key(company.id, Role.CHANNEL, "web", requests_per_second=3))
    seen = answers(client, 10)

    refused = client.get("/v1/orders")

    assert 3 <= seen[200] < 10
    assert seen[200] + seen[429] == 10
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert refused.get_json()["code"] == "rate_exceeded"


def test_a_key_without_a_rate_has_that_of_its_collection(app: Flask) -> None:
    company = create_company()
    client = Client(app, company, create_api_key(company.id, Role.CHANNEL, "web", requests_per_second=None))
    own = update(OrderCollection).where(OrderCollection.id == company.id)
    with transaction() as session:
        session.execute(own.values(stored_properties={"requests_per_second": 2}))

    assert answers(client, 10)[429] >= 5


def test_counting_a_request_writes_nothing(app: Flask, company: Company) -> None:
    client = Client(app, company, create_api_key(company.id, Role.CHANNEL, "web", requests_per_second=1_000))
    client.get("/v1/orders")

    with counted_queries() as queries:
        client.get("/v1/orders")

    assert not [query for query in queries if not query.lstrip().upper().startswith(("SELECT", "SET"))]


@pytest.fixture
def two_processes(system_env: dict[str, str], tmp_path: Path) -> Iterator[System]:
    system = System(system_env, tmp_path, ("--workers", "2", "--threads", "8"))
    system.start("api")
    yield system
    system.stop_all()


def test_two_processes_together_allow_the_rate_within_a_fifth(two_processes: System, company: Company) -> None:
    key = create_api_key(company.id, Role.CHANNEL, "web", requests_per_second=RATE)
    ends = time.monotonic() + SECONDS + 2

    def flood(_: int) -> list[float]:
        allowed = []
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {key}"
            while time.monotonic() < ends:
                if session.get(f"{two_processes.url}/v1/orders", timeout=10).status_code == 200:
                    allowed.append(time.monotonic())
        return allowed

    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [at for each in pool.map(flood, range(CLIENTS)) for at in each]

    steady = [at for at in times if at > ends - SECONDS]
    assert 0.8 <= len(steady) / SECONDS / RATE <= 1.2, len(steady)
