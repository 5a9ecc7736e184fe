from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from order_api.words import Role
from tests.factories.companies import Company, create_company
from tests.factories.flows import Flow
from tests.factories.orders import line
from tests.factories.refunds import paid_order
from tests.factories.returned_goods import Returns
from tests.fixtures.pages import log_in
from tests.fixtures.service import Client


@pytest.fixture
def flow(channel: Client, warehouse: Client) -> Flow:
    """An order of two units, with ten in stock, before its first task."""
    sku = f"FLOW-{uuid4().hex[:8]}"
    receipt = {"reference": sku, "sku": sku, "quantity": 10}
    assert warehouse.post("/v1/inventory/receipts", receipt).status_code == 201
    return Flow(channel.place(line("10.00", 2, sku=sku)))


@pytest.fixture
def staffed(migrated: None) -> Company:
    """A company whose users a test may disable."""
    return create_company()


@pytest.fixture
def visitor(app: Flask) -> Iterator[FlaskClient]:
    """A browser that is not logged in."""
    with app.test_client() as client:
        yield client


@pytest.fixture
def agent(visitor: FlaskClient, company: Company) -> FlaskClient:
    """The browser of a colleague of customer service."""
    log_in(visitor, company.staff[Role.CSR_ASSOCIATE])
    return visitor


@pytest.fixture
def returns(channel: Client) -> Returns:
    """The returns of an order of three, one and two units at 59.10, 44.35 and 6.56, with shipping of 6.48, all paid."""
    return Returns(paid_order(channel))
