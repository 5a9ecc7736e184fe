"""A log-in ends with a log-out and with a new password, in the console and for tokens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from order_api.access.authenticate import set_password
from order_api.access.models import User
from order_api.core import clock
from order_api.core.database import transaction
from order_api.words import Role
from tests.factories.companies import PASSWORD, Company
from tests.fixtures.pages import log_in, token_in
from tests.fixtures.system import wait_until
from tests.integration.test_tokens import ask_for_token, signed, status_with


def token_of(app: Flask, company: Company, username: str, password: str = PASSWORD) -> str:
    return str(ask_for_token(app, company, username, password).get_json()["access_token"])


def log_out(username: str, at: datetime) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.username == username).values(logged_out_at=at))


def give_password(username: str, password: str) -> None:
    with transaction() as session:
        set_password(session.scalars(select(User).where(User.username == username)).one(), password)


def test_a_copied_cookie_is_worth_nothing_after_the_log_out(visitor: FlaskClient, staffed: Company) -> None:
    log_in(visitor, staffed.staff[Role.AUDITOR])
    token = token_in(visitor.get("/console/orders").text)
    copied = visitor.get_cookie("session")
    assert copied is not None

    visitor.post("/console/logout", data={"csrf_token": token})

    visitor.set_cookie("session", copied.value)
    assert visitor.get("/console/orders").status_code == 302
    log_in(visitor, staffed.staff[Role.AUDITOR])
    assert visitor.get("/console/orders").status_code == 200


def test_an_ended_log_in_ends_no_later_one(visitor: FlaskClient, app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    log_in(visitor, username)
    old = visitor.get_cookie("session")
    assert old is not None
    visitor.post("/console/logout", data={"csrf_token": token_in(visitor.get("/console/orders").text)})
    token = token_of(app, staffed, username)

    visitor.set_cookie("session", old.value)
    answer = visitor.post("/console/logout", data={"csrf_token": token_in(visitor.get("/console/login").text)})

    assert answer.status_code == 302
    assert status_with(app, staffed, token) == 200


def test_a_log_out_of_the_console_ends_the_tokens_too(visitor: FlaskClient, app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    token = token_of(app, staffed, username)
    log_in(visitor, username)
    before = status_with(app, staffed, token)

    visitor.post("/console/logout", data={"csrf_token": token_in(visitor.get("/console/orders").text)})

    assert (before, status_with(app, staffed, token)) == (200, 401)
    assert status_with(app, staffed, token_of(app, staffed, username)) == 200


@pytest.mark.parametrize(("later", "status"), [(-1, 401), (0, 401), (1, 200)])
def test_a_log_in_counts_from_the_microsecond_after_the_log_out(
    app: Flask, staffed: Company, later: int, status: int
) -> None:
    username, logged_out = staffed.staff[Role.CSR_ADMIN], clock.now().replace(microsecond=500_000) - timedelta(hours=1)
    log_out(username, logged_out)
    begun = (logged_out + timedelta(microseconds=later)).timestamp()

    assert status_with(app, staffed, signed(sub=username, iat=begun, exp=9_999_999_999)) == status


def test_a_log_in_that_was_being_checked_at_the_log_out_is_over_too(app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    with ThreadPoolExecutor() as threads:
        with transaction() as session:
            session.execute(text("LOCK TABLE users IN ACCESS EXCLUSIVE MODE"))
            checked = threads.submit(ask_for_token, app, staffed, username)
            wait_until(lambda: is_waited_for(session), what="the log-in waiting")
            session.execute(update(User).where(User.username == username).values(logged_out_at=clock.now()))

        assert status_with(app, staffed, checked.result().get_json()["access_token"]) == 401


def is_waited_for(session: Session) -> bool:
    return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_a_new_password_ends_what_the_old_one_opened(app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    token = token_of(app, staffed, username)

    give_password(username, "another-password")

    assert status_with(app, staffed, token) == 401
    assert ask_for_token(app, staffed, username).status_code == 401
    assert status_with(app, staffed, token_of(app, staffed, username, "another-password")) == 200


def test_a_new_password_ends_the_sessions_in_the_console(visitor: FlaskClient, staffed: Company) -> None:
    username = staffed.staff[Role.AUDITOR]
    log_in(visitor, username)
    before = visitor.get("/console/orders").status_code

    give_password(username, "another-password")

    assert (before, visitor.get("/console/orders").status_code) == (200, 302)


def test_setting_the_same_password_again_logs_no_one_out(app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    token = token_of(app, staffed, username)

    give_password(username, PASSWORD)

    assert status_with(app, staffed, token) == 200
