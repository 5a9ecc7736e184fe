"""Tokens of staff and keys of programs: what they allow, and when they end."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from sqlalchemy import update

from order_api.access.authenticate import digest_of, hash_password
from order_api.access.models import ApiKey, User
from order_api.core import clock
from order_api.core.database import transaction
from order_api.core.settings import settings
from order_api.words import Role
from tests.factories.companies import PASSWORD, Company
from tests.fixtures.pages import new_address
from tests.fixtures.service import Client


def ask_for_token(app: Flask, company: Company, username: str, password: str = PASSWORD) -> Any:
    body = {"username": username, "password": password}
    at = {"REMOTE_ADDR": new_address()}
    return Client(app, company, None).call("POST", "/v1/tokens", body, environ_overrides=at)


def status_with(app: Flask, company: Company, credential: str) -> int:
    return Client(app, company, credential).get("/v1/orders").status_code


def signed(**claims: Any) -> str:
    return jwt.encode(claims, settings().secret_key, algorithm="HS256")


def test_name_and_password_give_a_token_that_opens_the_api(app: Flask, staffed: Company) -> None:
    answer = ask_for_token(app, staffed, staffed.staff[Role.CSR_ADMIN])

    token = answer.get_json()
    assert (answer.status_code, token["token_type"], token["expires_in"]) == (201, "Bearer", 8 * 3600)
    assert answer.headers["Cache-Control"] == "no-store"
    assert status_with(app, staffed, token["access_token"]) == 200


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(app: Flask, staffed: Company) -> None:
    wrong_password = ask_for_token(app, staffed, staffed.staff[Role.CSR_ADMIN], "guessed")
    wrong_name = ask_for_token(app, staffed, "no-such-name", PASSWORD)

    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.get_json()["detail"] == wrong_name.get_json()["detail"]


def test_an_expired_token_opens_nothing(app: Flask, staffed: Company) -> None:
    username, now = staffed.staff[Role.CSR_ADMIN], clock.now()

    assert status_with(app, staffed, signed(sub=username, iat=now, exp=now + timedelta(seconds=60))) == 200
    assert status_with(app, staffed, signed(sub=username, iat=now, exp=now - timedelta(seconds=1))) == 401


@pytest.mark.parametrize("missing", ["sub", "iat", "exp"])
def test_a_token_without_name_or_begin_or_end_opens_nothing(app: Flask, staffed: Company, missing: str) -> None:
    claims = {"sub": staffed.staff[Role.CSR_ADMIN], "iat": 1_700_000_000, "exp": 9_999_999_999}

    assert status_with(app, staffed, signed(**claims)) == 200
    assert status_with(app, staffed, signed(**{name: claims[name] for name in claims if name != missing})) == 401


def test_a_token_whose_name_is_a_number_opens_nothing(app: Flask, staffed: Company) -> None:
    assert status_with(app, staffed, signed(sub=7, iat=1_700_000_000, exp=9_999_999_999)) == 401


def test_a_token_with_a_foreign_signature_opens_nothing(app: Flask, staffed: Company) -> None:
    claims = {"sub": staffed.staff[Role.CSR_ADMIN], "exp": clock.now() + timedelta(hours=1)}

    assert status_with(app, staffed, jwt.encode(claims, "x" * 40, algorithm="HS256")) == 401


def test_a_disabled_user_is_refused_although_the_token_has_not_expired(app: Flask, staffed: Company) -> None:
    username = staffed.staff[Role.CSR_ADMIN]
    token = ask_for_token(app, staffed, username).get_json()["access_token"]

    with transaction() as session:
        session.execute(update(User).where(User.username == username).values(disabled_at=clock.now()))

    assert status_with(app, staffed, token) == 401
    assert ask_for_token(app, staffed, username).status_code == 401


def test_a_revoked_key_opens_nothing(app: Flask, staffed: Company) -> None:
    before = status_with(app, staffed, staffed.channel_key)

    with transaction() as session:
        of_channel = update(ApiKey).where(ApiKey.digest == digest_of(staffed.channel_key))
        session.execute(of_channel.values(revoked_at=clock.now()))

    assert (before, status_with(app, staffed, staffed.channel_key)) == (200, 401)


def test_secrets_are_not_stored_in_plain_text(migrated: None, staffed: Company) -> None:
    with transaction() as session:
        stored = [str(row) for row in session.connection().exec_driver_sql("SELECT * FROM api_keys, users")]

    assert not [row for row in stored if PASSWORD in row or staffed.channel_key in row]


@pytest.mark.parametrize(
    "body", [{}, {"username": "a"}, {"username": "a", "password": "b", "otp": "c"}, {"username": 1, "password": 2}]
)
def test_a_request_for_a_token_is_checked_like_any_other(app: Flask, company: Company, body: dict[str, Any]) -> None:
    answer = Client(app, company, None).post("/v1/tokens", body)

    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_credentials_in_the_address_are_refused(app: Flask, staffed: Company) -> None:
    body = {"username": staffed.staff[Role.CSR_ADMIN], "password": PASSWORD}

    answer = Client(app, staffed, None).call("POST", "/v1/tokens", body, query_string={"password": PASSWORD})

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "password")
    assert PASSWORD not in answer.text


# The demo's published credentials.


@pytest.fixture
def in_production(migrated: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ORDER_SERVICE_ENV", "production")
        settings.cache_clear()
        yield
    settings.cache_clear()


def with_demo_credentials(company: Company) -> str:
    """A database that was once a demo: a user whose password is `demo`, and the key `osk_demo_…` of its web shop."""
    key = f"osk_demo_{company.key}"
    with transaction() as session:
        users = update(User).where(User.username == company.staff[Role.CSR_ADMIN])
        session.execute(users.values(password_hash=hash_password("demo")))
        of_channel = update(ApiKey).where(ApiKey.digest == digest_of(company.channel_key))
        session.execute(of_channel.values(digest=digest_of(key)))
    return key


def test_the_demo_works_with_its_credentials(app: Flask, staffed: Company) -> None:
    key = with_demo_credentials(staffed)

    assert ask_for_token(app, staffed, staffed.staff[Role.CSR_ADMIN], "demo").status_code == 201
    assert status_with(app, staffed, key) == 200


def test_production_refuses_the_demos_password(app: Flask, staffed: Company, in_production: None) -> None:
    with_demo_credentials(staffed)

    answer = ask_for_token(app, staffed, staffed.staff[Role.CSR_ADMIN], "demo")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "demo_credential_refused")
    assert ask_for_token(app, staffed, staffed.staff[Role.AUDITOR]).status_code == 201


def test_production_refuses_the_demos_key(app: Flask, staffed: Company, in_production: None) -> None:
    answer = Client(app, staffed, with_demo_credentials(staffed)).get("/v1/orders")

    assert (answer.status_code, answer.get_json()["code"]) == (401, "demo_credential_refused")
    assert status_with(app, staffed, staffed.warehouse_key) == 200
