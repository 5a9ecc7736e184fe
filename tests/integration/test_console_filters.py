"""The list of orders offers the statuses that an order can have."""

import re

from flask.testing import FlaskClient

from order_api.camunda.names import Topic
from order_api.orders.roll_up import ROLLED_UP
from order_api.words import Role
from tests.factories.companies import Company
from tests.factories.flows import Flow, Step
from tests.fixtures.pages import log_in


def offered(visitor: FlaskClient, **asked: str) -> list[str]:
    page = visitor.get("/console/orders", query_string=asked).text
    [select] = re.findall(r'<select id="status" name="status".*?</select>', page, re.DOTALL)
    return re.findall('<option value="([a-z_]+)"', select)


def test_statuses_that_models_have_set_and_those_that_follow_from_units_are_offered(
    visitor: FlaskClient, company: Company, flow: Flow
) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])
    before = set(offered(visitor))

    flow.walk(Step(Topic.UPDATE_STATUS, {"order-status": "engraving", "status-category": "open"}))

    assert {"submitted", *ROLLED_UP} <= before
    assert set(offered(visitor)) - before == {"engraving"}


def test_a_status_that_nothing_sets_is_not_offered(visitor: FlaskClient, company: Company) -> None:
    log_in(visitor, company.staff[Role.AUDITOR])

    assert "ready_to_ship" not in offered(visitor)
    assert "ready_to_ship" in offered(visitor, status="ready_to_ship"), "what was asked for stays chosen"
