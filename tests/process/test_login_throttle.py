"""Guessing passwords at the engine slows the guesser's address and locks out no other person."""

from base64 import b64encode
from uuid import uuid4

import pytest
import requests

from deploy.local.engine import LocalEngine
from tests.fixtures.callers import From, guess, log_in, new_address, status
from tests.fixtures.shop import Shop
from tests.fixtures.system import CALL_TIMEOUT, PASSWORD

pytestmark = pytest.mark.ours_only

CSR, STORE = "carla-csr", "stan-store"
PROXY = "127.0.0.9"
"""The engine of the tests treats this address as that of its proxy."""


@pytest.mark.usefixtures("shop")
def test_a_person_locked_at_one_address_logs_in_from_another(engine: LocalEngine, elsewhere: requests.Session) -> None:
    with requests.Session() as stranger:
        stranger.mount("http://", From(new_address()))
        assert guess(engine, CSR, stranger) == [401] * 10
        locked = stranger.get(f"{engine.url}/task/count", auth=(CSR, PASSWORD), timeout=CALL_TIMEOUT)

        assert locked.status_code == 429
        assert 0 < int(locked.headers["Retry-After"]) <= 60
        assert log_in(engine, CSR, PASSWORD, session=stranger) == 429
    assert status(engine, CSR, PASSWORD, elsewhere) == 200
    assert log_in(engine, CSR, PASSWORD, session=elsewhere) == 200


@pytest.mark.usefixtures("shop")
def test_the_log_in_page_slows_guessers_down_too(engine: LocalEngine, elsewhere: requests.Session) -> None:
    tries = [log_in(engine, CSR, f"wrong-{time}", session=elsewhere) for time in range(11)]

    assert tries == [401] * 10 + [429]


@pytest.mark.usefixtures("shop")
def test_an_address_that_tries_many_names_is_slowed_for_all(engine: LocalEngine, elsewhere: requests.Session) -> None:
    tries = [status(engine, f"name-{time % 6}", "wrong", elsewhere) for time in range(11)]

    assert tries == [401] * 10 + [429]


@pytest.mark.usefixtures("shop")
def test_a_forged_proxy_header_does_not_hide_the_address(engine: LocalEngine, elsewhere: requests.Session) -> None:
    tries = [status(engine, CSR, "wrong", elsewhere, **{"X-Forwarded-For": f"198.51.100.{time}"}) for time in range(11)]

    assert tries == [401] * 10 + [429]


@pytest.mark.usefixtures("shop")
def test_the_header_of_the_real_proxy_names_the_address(engine: LocalEngine) -> None:
    with requests.Session() as proxy:
        proxy.mount("http://", From(PROXY))
        one, other = ({"X-Forwarded-For": f"203.0.113.9, 198.51.100.{last}"} for last in (201, 202))
        tries = [status(engine, CSR, "wrong", proxy, **one) for _ in range(11)]

        assert tries == [401] * 10 + [429]
        assert status(engine, CSR, PASSWORD, proxy, **other) == 200


def test_an_operator_unlocks_by_command(shop: Shop, engine: LocalEngine, elsewhere: requests.Session) -> None:
    guess(engine, STORE, elsewhere)
    assert status(engine, STORE, PASSWORD, elsewhere) == 429

    output = shop.system.command("unlock-login", STORE)

    assert output == f"{STORE} may log in to the engine again at once.\n"
    assert status(engine, STORE, PASSWORD, elsewhere) == 200


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "path", ["/engine-rest/engine", "/engine-rest/engine/nosuch/task", "/actuator/health", "/camunda/api/admin/x"]
)
def test_a_call_that_checks_no_password_does_not_reset_the_count_of_wrong_ones(
    engine: LocalEngine, elsewhere: requests.Session, path: str
) -> None:
    address = engine.url.removesuffix("/engine-rest") + path
    guess(engine, CSR, elsewhere)

    elsewhere.get(address, auth=(CSR, "x"), timeout=CALL_TIMEOUT)

    assert status(engine, CSR, PASSWORD, elsewhere) == 429


@pytest.mark.usefixtures("shop")
def test_wrong_passwords_are_counted_however_they_are_encoded(engine: LocalEngine, elsewhere: requests.Session) -> None:
    """Camunda's decoder skips characters that do not belong to base64."""
    encoded = b64encode(f"{CSR}:wrong".encode()).decode()
    headers = [{"Authorization": f"Basic {junk}{encoded}"} for junk in ("", "!") * 5]
    for header in headers:
        elsewhere.get(f"{engine.url}/task/count", headers=header, timeout=CALL_TIMEOUT)

    assert status(engine, CSR, PASSWORD, elsewhere) == 429


@pytest.mark.usefixtures("shop")
def test_a_password_in_the_address_is_refused_and_not_logged(engine: LocalEngine) -> None:
    address = f"{engine.url.removesuffix('/engine-rest')}/camunda/api/admin/auth/user/default/login/tasklist"
    secret = f"private-{uuid4().hex}"

    answer = requests.post(
        address,
        params={"username": CSR, "password": secret},
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=CALL_TIMEOUT,
    )

    assert answer.status_code == 400
    assert secret not in engine.log.read_text(errors="replace")
