"""Costs of a body: the API checks the credential before it reads content, and no answer grows with the size of the
request."""

import json

import pytest
from flask.testing import FlaskClient

from tests.factories.companies import PASSWORD, Company
from tests.factories.orders import line, tax
from tests.fixtures.service import Client, refusal

JSON = "application/json"


@pytest.mark.parametrize("credential", [None, "osk_unknown"])
def test_a_body_is_not_looked_into_before_the_credential(channel: Client, credential: str | None) -> None:
    stranger = Client(channel.app, channel.company, credential)

    answer = stranger.call("POST", "/v1/orders", data=b'{"a": "\\ud800', content_type=JSON)

    assert answer.status_code == 401


def test_a_body_is_not_looked_into_before_the_permission(warehouse: Client) -> None:
    answer = warehouse.call("POST", "/v1/orders", data=b"{", content_type=JSON)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/v1/orders", 200), ("/v1/nope", 404), ("/console/login", 200)]
)
def test_a_route_that_expects_no_body_ignores_one(channel: Client, path: str, status: int) -> None:
    answer = channel.call("GET", path, data=b"{", content_type=JSON)

    assert answer.status_code == status


def test_only_a_hundred_of_many_errors_are_listed_and_the_detail_says_so(channel: Client) -> None:
    body = channel.body() | {f"unknown_{number}": 1 for number in range(150)}

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["status"], problem["code"], len(problem["errors"])) == (422, "invalid_content", 100)
    assert problem["detail"].endswith("; 150 errors in all; the first 100 are listed.")


def test_a_hundred_errors_are_all_listed(channel: Client) -> None:
    body = channel.body() | {f"unknown_{number}": 1 for number in range(100)}

    problem = refusal(channel.post("/v1/orders", body))

    assert len(problem["errors"]) == 100
    assert "in all" not in problem["detail"]


def test_every_difference_of_an_order_is_listed_however_many(channel: Client) -> None:
    body = channel.body(*[line("1.00", 1, tax("0.50"), line_id=str(number)) for number in range(120)])

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["code"], len(problem["errors"])) == ("order_does_not_add_up", 120)


def test_a_long_request_for_a_token_is_refused(channel: Client) -> None:
    stranger = Client(channel.app, channel.company, None)

    problem = refusal(stranger.post("/v1/tokens", {"username": "x" * 10_000, "password": PASSWORD}))

    assert (problem["status"], problem["code"]) == (413, "request_too_large")


def test_a_request_with_the_longest_name_and_password_is_not_too_large(channel: Client) -> None:
    stranger = Client(channel.app, channel.company, None)
    body = json.dumps({"username": "\U0001f600" * 200, "password": "\U0001f600" * 200})

    answer = stranger.call("POST", "/v1/tokens", data=body, content_type=JSON)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "credential_invalid")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_long_form_of_the_console_is_refused(visitor: FlaskClient, company: Company, content_type: str) -> None:
    answer = visitor.post("/console/login", data=b"x" * 10_001, content_type=content_type)

    assert (answer.status_code, answer.mimetype) == (413, "text/html")
