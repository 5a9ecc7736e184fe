"""Costs of a body: the API checks the credential before it reads content, and no answer grows with the size of the
request."""

import json
from io import BytesIO

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


def test_only_fifty_of_many_errors_are_listed_and_the_rest_is_counted(channel: Client) -> None:
    body = channel.body() | {f"unknown_{number}": 1 for number in range(150)}

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["status"], problem["code"], len(problem["errors"])) == (422, "invalid_content", 50)
    assert problem["more_errors"] == 100


def test_fifty_errors_are_all_listed(channel: Client) -> None:
    body = channel.body() | {f"unknown_{number}": 1 for number in range(50)}

    problem = refusal(channel.post("/v1/orders", body))

    assert len(problem["errors"]) == 50
    assert "more_errors" not in problem


def test_differences_of_an_order_are_counted_too(channel: Client) -> None:
    body = channel.body(*[line("1.00", 1, tax("0.50"), line_id=str(number)) for number in range(120)])

    problem = refusal(channel.post("/v1/orders", body))

    assert (problem["code"], len(problem["errors"])) == ("order_does_not_add_up", 50)
    assert problem["more_errors"] == 70


def test_a_long_request_for_a_token_is_refused(channel: Client) -> None:
    stranger = Client(channel.app, channel.company, None)

    problem = refusal(stranger.post("/v1/tokens", {"username": "x" * 10_000, "password": PASSWORD}))

    assert (problem["status"], problem["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/v1/tokens", 10_000, 400),
        ("/v1/tokens", 10_001, 413),
        ("/v1/payment-events/card", 100_001, 413),
        ("/v1/orders", 1_000_001, 413),
    ],
)
def test_a_body_in_chunks_is_measured_as_a_whole(channel: Client, path: str, size: int, status: int) -> None:
    """It was cut at the limit, and the rest was lost."""
    sent = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}

    answer = channel.call("POST", path, input_stream=BytesIO(b" " * size), content_type=JSON, environ_overrides=sent)

    assert answer.status_code == status
    assert answer.headers.get("Connection") == ("close" if status == 413 else None)


def test_a_request_with_the_longest_name_and_password_is_not_too_large(channel: Client) -> None:
    stranger = Client(channel.app, channel.company, None)
    body = json.dumps({"username": "\U0001f600" * 200, "password": "\U0001f600" * 200})

    answer = stranger.call("POST", "/v1/tokens", data=body, content_type=JSON)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "credential_invalid")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_long_form_of_the_console_is_refused(visitor: FlaskClient, company: Company, content_type: str) -> None:
    answer = visitor.post("/console/login", data=b"x" * 10_001, content_type=content_type)

    assert (answer.status_code, answer.mimetype) == (413, "text/html")
