"""(a) Orders accepted a second, with all validation on, against a handler that only stores the same rows."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import requests

from deploy.local.ports import free_port
from deploy.local.programs import API_SIZE
from tests.bench.stage import Stage
from tests.fixtures.system import API_KEY, ROOT, wait_until

CLIENTS = (1, 4, 16)


def measure(stage: Stage, seconds: float) -> list[tuple[str, str, str, str]]:
    """Rows of clients, ours, reference and ratio. Measures both in turns, twice each."""
    stage.shop.system.start("api")
    rows = []
    with _reference(stage) as reference:
        ours = stage.shop.system.url
        for clients in CLIENTS:
            rates = {ours: 0.0, reference: 0.0}
            for url in (ours, reference, reference, ours):
                rates[url] += _rate(url, clients, seconds / 2, lambda: _body(stage)) / 2
            ratio = f"{rates[ours] / rates[reference]:.2f}"
            rows.append((f"{clients} clients", f"{rates[ours]:.0f}/s", f"{rates[reference]:.0f}/s", ratio))
    stage.shop.system.kill("api")
    stage.shop.sql("UPDATE outbox SET state = 'dropped' WHERE state = 'pending'")
    stage.shop.sql("VACUUM ANALYZE")  # Here, so it does not fall into the next measurement.
    return rows


def _body(stage: Stage) -> dict[str, Any]:
    line = stage.shop.line("MUG-WHITE", 2, "20.00")
    other = {**stage.shop.line("POSTER-A2", 1, "10.00"), "taxes": []}
    taxed = {**line, "taxes": [{"name": "state", "rate": "0.06", "amount": "2.40"}]}
    totals = {"items": "50.00", "discounts": "0.00", "charges": "0.00", "taxes": "2.40", "grand_total": "52.40"}
    card = {"type": "card", "token": f"tok_approve:{uuid4()}", "amount": "52.40"}
    return stage.shop.body(taxed, other, totals=totals, tenders=[card])


def _rate(url: str, clients: int, seconds: float, body: Callable[[], dict[str, Any]]) -> float:
    done, deadline = [0] * clients, time.monotonic() + seconds

    def client(index: int) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {API_KEY}"
            while time.monotonic() < deadline:
                answer = session.post(f"{url}/v1/orders", json=body(), timeout=30)
                assert answer.status_code == 201, answer.text
                done[index] += 1

    began = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(client, range(clients)))
    return sum(done) / (time.monotonic() - began)


@contextmanager
def _reference(stage: Stage) -> Iterator[str]:
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}", *API_SIZE, "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *bind, "tests.bench.minimal_app:create_app()"]
    process = subprocess.Popen(command, env=stage.shop.system.env, cwd=ROOT, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(url), what="the reference handler")
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == 404
    except requests.RequestException:
        return False
