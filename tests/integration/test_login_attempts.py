"""Guessing passwords becomes slow, and keeps no person out who types her own."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from order_api.access import login_attempts
from order_api.access.login_attempts import MAX_TOLD, Told, address_of
from order_api.app import create_app
from order_api.core.database import transaction, try_lock
from order_api.core.settings import settings
from order_api.words import Role
from tests.factories.companies import PASSWORD, Company
from tests.factories.others import transaction_of_another
from tests.fixtures.pages import new_address, token_in


@pytest.fixture
def address() -> str:
    return new_address()


def attempt(app: Flask, username: str, password: str, address: str) -> TestResponse:
    body = {"username": username, "password": password}
    return app.test_client().post("/v1/tokens", json=body, environ_overrides={"REMOTE_ADDR": address})


def seconds_pass(address: str, seconds: float) -> None:
    earlier = (
        "UPDATE login_attempts SET failed_at = failed_at - make_interval(secs => :seconds) WHERE address = :address"
    )
    with transaction() as session:
        session.execute(text(earlier), {"seconds": seconds, "address": address_of(address)})


def test_a_name_waits_longer_after_each_failure_from_one_address(app: Flask, staffed: Company, address: str) -> None:
    name = staffed.staff[Role.CSR_ADMIN]
    for wait in (2, 4, 8, 16):
        assert attempt(app, name, "guessed", address).status_code == 401
        refused = attempt(app, name, PASSWORD, address)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(wait))
        assert refused.get_json()["code"] == "too_many_logins"
        seconds_pass(address, wait)

    assert attempt(app, name, PASSWORD, address).status_code == 201
    assert attempt(app, name, "guessed", address).status_code == 401
    assert attempt(app, name, PASSWORD, address).headers["Retry-After"] == "2", "the log-in ended the count"


def test_a_name_does_not_wait_at_another_address(app: Flask, staffed: Company, address: str) -> None:
    name = staffed.staff[Role.CSR_ADMIN]
    assert attempt(app, name, "guessed", address).status_code == 401

    assert attempt(app, name, PASSWORD, new_address()).status_code == 201


def test_an_address_that_failed_for_many_names_waits_for_every_name(app: Flask, staffed: Company, address: str) -> None:
    for number in range(6):
        assert attempt(app, f"name-{number}", "guessed", address).status_code == 401

    assert attempt(app, staffed.staff[Role.CSR_ADMIN], PASSWORD, address).headers["Retry-After"] == "2"
    assert attempt(app, staffed.staff[Role.CSR_ADMIN], PASSWORD, new_address()).status_code == 201


def test_an_address_at_which_people_work_does_not_wait(app: Flask, staffed: Company, address: str) -> None:
    assert attempt(app, staffed.staff[Role.CSR_ADMIN], PASSWORD, address).status_code == 201
    for number in range(10):
        assert attempt(app, f"name-{number}", "guessed", address).status_code == 401

    assert attempt(app, staffed.staff[Role.AUDITOR], PASSWORD, address).status_code == 201


def test_failures_of_yesterday_do_not_count(app: Flask, staffed: Company, address: str) -> None:
    name = staffed.staff[Role.CSR_ADMIN]
    for _ in range(12):
        attempt(app, name, "guessed", address)
        seconds_pass(address, 900)
    seconds_pass(address, 86_400)

    assert attempt(app, name, "guessed", address).status_code == 401
    assert attempt(app, name, PASSWORD, address).headers["Retry-After"] == "2"


def test_one_password_is_checked_at_a_time(app: Flask, staffed: Company, address: str) -> None:
    with transaction_of_another() as session:
        assert try_lock(session, "password check")
        refused = attempt(app, staffed.staff[Role.CSR_ADMIN], PASSWORD, address)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert attempt(app, staffed.staff[Role.CSR_ADMIN], PASSWORD, new_address()).status_code == 201


def test_a_caller_who_comes_back_too_early_waits_anew(
    app: Flask, staffed: Company, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, now = staffed.staff[Role.CSR_ADMIN], 1000.0
    monkeypatch.setattr(login_attempts, "monotonic", lambda: now)
    with transaction_of_another() as session:
        assert try_lock(session, "password check")
        assert attempt(app, name, PASSWORD, address).status_code == 429
    for seconds in (0.5, 0.9):
        now += seconds
        assert attempt(app, name, PASSWORD, address).headers["Retry-After"] == "1"

    now += 1

    assert attempt(app, name, PASSWORD, address).status_code == 201


def test_a_process_remembers_no_more_callers_than_it_may() -> None:
    told = Told()
    for number in range(MAX_TOLD + 1):
        told.to_wait(number)

    assert (told.comes_too_early(0), told.comes_too_early(1), told.comes_too_early(MAX_TOLD)) == (False, True, True)


def test_each_failure_is_logged_with_name_and_address(app: Flask, address: str) -> None:
    with capture_logs() as logs:
        attempt(app, "sue", "guessed", address)
        attempt(app, "sue", "guessed", address)

    failures = [line for line in logs if line["event"] == "log_in_failed"]
    assert [(line["username"], line["address"]) for line in failures] == [("sue", address)]


def test_the_page_says_how_long_to_wait(app: Flask, address: str) -> None:
    visitor, at = app.test_client(), {"REMOTE_ADDR": address}
    form = {"username": "sue", "password": "guessed"}

    def log_in() -> Any:
        token = token_in(visitor.get("/console/login").text)
        return visitor.post("/console/login", data={**form, "csrf_token": token}, environ_overrides=at)

    wrong, early = log_in(), log_in()

    assert (wrong.status_code, "Wrong user name or password." in wrong.text) == (401, True)
    assert (early.status_code, early.headers["Retry-After"]) == (429, "2")
    assert "The password was wrong too often. Try again in 2 seconds." in early.text


@pytest.mark.parametrize(("proxies", "told"), [(0, "192.0.2.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_the_address_is_that_which_our_own_proxies_saw(
    company: Company, monkeypatch: pytest.MonkeyPatch, proxies: int, told: str
) -> None:
    """Callers may write anything in front of what proxies add."""
    monkeypatch.setattr("order_api.app.settings", lambda: replace(settings(), proxies=proxies))
    chain = {"X-Forwarded-For": "1.1.1.1, 203.0.113.9, 198.51.100.7"}
    body = {"username": f"name-{uuid4()}", "password": "guessed"}

    with capture_logs() as logs:
        create_app().test_client().post(
            "/v1/tokens", json=body, headers=chain, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}
        )

    assert [line["address"] for line in logs if line["event"] == "log_in_failed"] == [told]


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_the_network_of_one_customer_is_one_address(remote: str, address: str) -> None:
    assert address_of(remote) == address
