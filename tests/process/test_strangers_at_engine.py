"""A stranger without a credential cannot fill the memory or the log of the engine."""

from base64 import b64encode
from collections.abc import Iterator

import pytest
import requests

from deploy.local.engine import LocalEngine
from tests.fixtures.callers import log_in
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD

pytestmark = [pytest.mark.ours_only, pytest.mark.usefixtures("shop")]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def page(engine: LocalEngine, path: str) -> str:
    return f"{engine.url.removesuffix('/engine-rest')}/camunda{path}"


def large_form() -> Iterator[bytes]:
    """Without an announced length."""
    yield b"username=carla-csr&password="
    yield from [b"x" * 10_000] * 200


@pytest.mark.parametrize(
    "body", [b"username=x&password=" + b"y" * 20_000, large_form()], ids=["announced", "in chunks"]
)
def test_a_large_body_is_not_read_before_the_log_in(
    engine: LocalEngine, elsewhere: requests.Session, body: bytes
) -> None:
    elsewhere.get(page(engine, "/app/tasklist/default/"), timeout=CALL_TIMEOUT)
    headers = FORM | {"X-XSRF-TOKEN": elsewhere.cookies["XSRF-TOKEN"]}

    answer = elsewhere.post(
        page(engine, "/api/admin/auth/user/default/login/tasklist"), data=body, headers=headers, timeout=CALL_TIMEOUT
    )

    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")


def test_the_first_set_up_reads_no_large_body(engine: LocalEngine, elsewhere: requests.Session) -> None:
    elsewhere.get(page(engine, "/app/admin/default/"), timeout=CALL_TIMEOUT)

    answer = elsewhere.post(
        page(engine, "/api/admin/setup/default/user/create"),
        json={"profile": {"id": "x" * 20_000}},
        headers={"X-XSRF-TOKEN": elsewhere.cookies["XSRF-TOKEN"]},
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 413


def test_the_number_of_sessions_that_an_address_begins_is_limited(
    engine: LocalEngine, elsewhere: requests.Session
) -> None:
    answers = []
    for _ in range(310):
        elsewhere.cookies.clear()
        answers.append(elsewhere.head(page(engine, "/api/engine/engine/"), timeout=CALL_TIMEOUT).status_code)

    assert set(answers[:300]) == {200}
    assert set(answers[300:]) == {429}
    assert log_in(engine, "carla-csr", PASSWORD) == 200, "from another address"


def test_a_name_that_the_database_cannot_hold_counts_as_a_wrong_one(
    engine: LocalEngine, elsewhere: requests.Session
) -> None:
    basic = b64encode(b"carla\0csr:x").decode()

    answer = elsewhere.get(
        f"{engine.url}/task/count", headers={"Authorization": f"Basic {basic}"}, timeout=CALL_TIMEOUT
    )

    assert answer.status_code == 401
    assert log_in(engine, "carla\0csr", "x", session=elsewhere) == 401


def test_a_wrong_address_writes_few_lines_to_the_log(engine: LocalEngine, elsewhere: requests.Session) -> None:
    before = engine.log.stat().st_size

    elsewhere.get(page(engine, "/app/tasklist/nope/"), timeout=CALL_TIMEOUT)

    assert engine.log.stat().st_size - before < 4_000
