"""The service under its real server, over real connections: bodies that are too large, and guessers of a password."""

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPResponse
from threading import Event

import pytest
import requests

from deploy.local.programs import API_SIZE
from order_api.core.content import MAX_BODY
from order_api.core.database import transaction
from order_api.words import Role
from tests.factories.companies import PASSWORD, Company
from tests.factories.orders import order_body
from tests.fixtures.callers import From
from tests.fixtures.system import CALL_TIMEOUT, System, wait_until

GUESSERS, WITHIN = 20, 5.0
"""How many, and seconds until the person is in."""
CHUNK = 8_192
TABLES = ("orders", "outbox", "login_attempts", "idempotency_keys")


@pytest.fixture(scope="module")
def service(system_env: dict[str, str], migrated: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """As many processes and threads as `make run` starts."""
    system = System(system_env, tmp_path_factory.mktemp("service"), API_SIZE)
    system.start("api")
    yield system
    system.stop_all()


def in_chunks(path: str, key: str, body: bytes) -> bytes:
    parts = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks + b"0\r\n\r\n"


def stored() -> list[int]:
    """Rows of each table that these calls write."""
    with transaction() as session:
        connection = session.connection()
        return [connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in TABLES]


@pytest.mark.parametrize(
    ("path", "size"), [("/v1/orders", MAX_BODY + 1), ("/v1/tokens", MAX_BODY + 1), ("/v1/tokens", 10_001)]
)
def test_a_body_in_chunks_that_is_too_large_is_refused_and_its_connection_closed(
    service: System, company: Company, path: str, size: int
) -> None:
    """Apart from its size, the content is right."""
    log_in = {"username": company.staff[Role.CSR_ADMIN], "password": PASSWORD}
    content = log_in if path == "/v1/tokens" else order_body() | {"collection": company.key}
    before = stored()

    with closing(socket.create_connection(("127.0.0.1", service.port), timeout=CALL_TIMEOUT)) as sock:
        sock.sendall(in_chunks(path, company.channel_key, json.dumps(content).encode().ljust(size)))
        answer = HTTPResponse(sock)
        answer.begin()
        problem = json.loads(answer.read())
        rest = sock.recv(1)

    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    assert (problem["status"], problem["code"]) == (413, "request_too_large")
    assert (answer.getheader("Connection"), rest) == ("close", b"")
    assert stored() == before


def log_in(service: System, session: requests.Session, username: str, password: str) -> requests.Response:
    body = {"username": username, "password": password}
    return session.post(f"{service.url}/v1/tokens", json=body, timeout=CALL_TIMEOUT)


@contextmanager
def guessers(service: System, username: str) -> Iterator[Counter[int]]:
    """Each guesses from an address of its own and never pauses. Yields the statuses of their answers."""
    stop, seen = Event(), Counter[int]()

    def guess(number: int) -> None:
        with requests.Session() as session:
            session.mount("http://", From(f"127.0.1.{number + 1}"))
            while not stop.is_set():
                with suppress(requests.RequestException):
                    seen[log_in(service, session, username, "guessed").status_code] += 1

    with ThreadPoolExecutor(GUESSERS) as pool:
        for number in range(GUESSERS):
            pool.submit(guess, number)
        try:
            wait_until(lambda: seen[401], what="a wrong password")
            yield seen
        finally:
            stop.set()


def test_a_person_logs_in_within_five_seconds_beside_twenty_who_guess_her_password(
    service: System, staffed: Company
) -> None:
    """She comes from another address and repeats when `Retry-After` says."""
    username, tries = staffed.staff[Role.CSR_ADMIN], 1
    with guessers(service, username) as seen, requests.Session() as session:
        session.mount("http://", From("127.0.2.1"))
        began = time.monotonic()
        while (answer := log_in(service, session, username, PASSWORD)).status_code == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            tries += 1
        seconds = time.monotonic() - began

    print(f"She was in after {seconds:.1f} s, at try {tries}; the guessers were answered {dict(seen)}.")
    assert answer.status_code == 201
    assert set(seen) <= {401, 429}
    assert seconds <= WITHIN
