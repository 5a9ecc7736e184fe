"""Tokens, cookies and cursors that no program of ours makes: each is refused."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from order_api.core import clock
from order_api.core.settings import settings
from order_api.words import Role
from tests.factories.companies import Company
from tests.fixtures.service import Client

NOW = clock.now().timestamp()
NEVER = 2**62
ODD_NAMES: list[Any] = [None, "", "\x00", "\ud800", "x" * 100_000, 7, True, [], {}, ["sue"], "no-one"]
ODD_TIMES: list[Any] = [
    None,
    "",
    "now",
    "\x00",
    True,
    [],
    {},
    -1,
    2**63,
    10**400,
    float("inf"),
    float("-inf"),
    float("nan"),
]
ID = str(UUID(int=1))
ODD_KEYS: list[Any] = [None, True, 7, -(2**70), 1.5, "x", "\x00", [], {}, [[]], [None], [True], [2**70], ["\ud800"]]
ODD_KEYS += [[None, ID], [True, ID], [7, ID], ["2026-01-01", 7], ["0001-01-01T00:00:00+23:59", 7], [{}, {}], [[], []]]
ODD_KEYS += [[None, ID], [True, ID], [7, ID], ["2026-01-01", 7], ["0001-01-01T00:00:00+23:59", 7], [{}, {}], [[], []]]
NAMES = ("placed_at", "announced_at", "refund_due_by", None)
ODD_KEYS += [[name, at, ID] for name in NAMES for at in ODD_TIMES[:4]]
LISTS = ["/v1/orders", "/v1/refunds", "/v1/returns", "/v1/owed", "/v1/orders/{}/history"]
PAGES = ["/console/orders", "/console/returns"]
DEEP = "[" * 100_000


def token_of(sub: Any, iat: Any, exp: Any = NEVER) -> str:
    """Signed as ours are; PyJWT refuses to write some of these claims itself."""
    content = json.dumps({"sub": sub, "iat": iat, "exp": exp}).encode()
    return jwt.api_jws.encode(content, settings().secret_key, algorithm="HS256")


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: repr(name)[:20])
def test_a_signed_token_with_an_odd_name_is_refused(app: Flask, staffed: Company, name: Any) -> None:
    assert Client(app, staffed, token_of(name, NOW)).get("/v1/orders").status_code == 401


@pytest.mark.parametrize("time", ODD_TIMES, ids=lambda time: repr(time)[:20])
def test_a_signed_token_with_an_odd_time_is_refused(app: Flask, staffed: Company, time: Any) -> None:
    name = staffed.staff[Role.CSR_ADMIN]

    assert Client(app, staffed, token_of(name, time)).get("/v1/orders").status_code == 401
    assert Client(app, staffed, token_of(name, NOW, time)).get("/v1/orders").status_code in (200, 401)


@pytest.mark.parametrize("content", [{}, [], None, 7, "x", {"sub": {}}], ids=str)
def test_a_signed_token_that_is_something_else_is_refused(app: Flask, staffed: Company, content: Any) -> None:
    token = jwt.api_jws.encode(json.dumps(content).encode(), settings().secret_key, algorithm="HS256")

    assert Client(app, staffed, token).get("/v1/orders").status_code == 401


@pytest.mark.parametrize("since", ODD_TIMES, ids=lambda time: repr(time)[:20])
def test_a_signed_cookie_with_an_odd_time_leads_to_the_log_in(
    visitor: FlaskClient, staffed: Company, since: Any
) -> None:
    _enter(visitor, staffed.staff[Role.CSR_ADMIN], since)

    _assert_logged_out(visitor)


@pytest.mark.parametrize("name", ODD_NAMES, ids=lambda name: repr(name)[:20])
def test_a_signed_cookie_with_an_odd_name_leads_to_the_log_in(visitor: FlaskClient, name: Any) -> None:
    _enter(visitor, name, NOW)

    _assert_logged_out(visitor)


def _enter(visitor: FlaskClient, name: Any, since: Any) -> None:
    with visitor.session_transaction() as cookie:
        cookie["username"], cookie["since"] = name, since


def _assert_logged_out(visitor: FlaskClient) -> None:
    answer = visitor.get("/console/orders")
    assert (answer.status_code, answer.headers.get("Location", "")[:14]) == (302, "/console/login")


def odd_cursors() -> Iterator[str]:
    for text in [*map(json.dumps, ODD_KEYS), DEEP, "NaN", "{"]:
        yield base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_of_any_json_is_refused(channel: Client, path: str) -> None:
    order = channel.place()
    more = {"currency": "USD"} if path == "/v1/orders" else {}
    for cursor in odd_cursors():
        answer = channel.get(path.format(order["id"]), cursor=cursor, **more)

        assert answer.status_code == 422, (base64.b64decode(cursor)[:60], answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_refuses_a_cursor_of_any_json(agent: FlaskClient, path: str) -> None:
    for cursor in odd_cursors():
        assert agent.get(path, query_string={"cursor": cursor}).status_code < 500, base64.b64decode(cursor)[:60]
