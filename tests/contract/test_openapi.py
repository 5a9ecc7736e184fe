"""The OpenAPI document is true: it announces every answer of the API to valid and invalid requests.

The document comes from the running application, so it is never older than the code. A failure prints the request as a
`curl` line; the fixed seed makes it reproducible.
"""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from order_api.words import Role
from tests.factories.companies import PASSWORD, Company
from tests.fixtures.service import Client

SEED = 20260101
EXAMPLES = 8
"""tests/integration/test_fuzz.py tries more of them, over HTTP."""
OPERATIONS = [
    ("POST", "/v1/orders"),
    ("GET", "/v1/orders"),
    ("GET", "/v1/orders/{order_id}"),
    ("GET", "/v1/orders/{order_id}/options"),
    ("GET", "/v1/orders/{order_id}/history"),
    ("POST", "/v1/orders/{order_id}/notes"),
    ("POST", "/v1/orders/{order_id}/cancellations"),
    ("POST", "/v1/orders/{order_id}/cancellations/preview"),
    ("POST", "/v1/orders/{order_id}/payments"),
    ("POST", "/v1/orders/{order_id}/refunds/preview"),
    ("POST", "/v1/orders/{order_id}/refunds"),
    ("GET", "/v1/refunds"),
    ("GET", "/v1/refunds/{number}"),
    ("POST", "/v1/refunds/{number}/cancel"),
    ("POST", "/v1/refunds/{number}/bookings"),
    ("POST", "/v1/orders/{order_id}/returns/preview"),
    ("POST", "/v1/orders/{order_id}/returns"),
    ("GET", "/v1/returns"),
    ("GET", "/v1/returns/{number}"),
    ("POST", "/v1/returns/{number}/cancel"),
    ("POST", "/v1/returns/{number}/receipts"),
    ("POST", "/v1/returns/{number}/receipts/{receipt_id}/verdicts"),
    ("POST", "/v1/returns/{number}/scans"),
    ("GET", "/v1/owed"),
    ("POST", "/v1/orders/{order_id}/shipments"),
    ("POST", "/v1/shipments/{shipment_id}/deliveries"),
    ("POST", "/v1/items/{item_id}/unable-to-ship"),
    ("POST", "/v1/inventory/receipts"),
    ("POST", "/v1/payment-events/{adapter}"),
    ("POST", "/v1/tokens"),
]
# Numbers that fit the schema need not add up, so the API may refuse well-formed content.
NOT_OURS: list[Any] = [positive_data_acceptance]


@pytest.fixture(scope="module")
def document(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.fixture(scope="module")
def admin_token(app: Flask, company: Company) -> str:
    credentials = {"username": company.staff[Role.ORDER_ADMIN], "password": PASSWORD}
    return str(Client(app, company, None).post("/v1/tokens", credentials).get_json()["access_token"])


def hold_to_its_word(document: Any, method: str, path: str, credential: str) -> None:
    """Sends valid and invalid content, half and half."""
    modes = [document[path][method].as_strategy(generation_mode=mode) for mode in GenerationMode]

    @seed(SEED)
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=st.one_of(modes))
    def check(case: Case[Any]) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {credential}"}, excluded_checks=NOT_OURS)

    check()


def test_every_operation_of_the_document_is_tried(document: Any) -> None:
    announced = {(o.ok().method.upper(), o.ok().path) for o in document.get_all_operations()}

    assert announced == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_to_a_channel_is_announced(document: Any, company: Company, method: str, path: str) -> None:
    hold_to_its_word(document, method, path, company.channel_key)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_to_an_administrator_is_announced(document: Any, admin_token: str, method: str, path: str) -> None:
    hold_to_its_word(document, method, path, admin_token)
