"""The worked cases of refunds through preview, execution, storage, order document and page."""

import pytest
from flask.testing import FlaskClient

from tests.factories.after_sale import CASES_OF_REFUNDS
from tests.factories.orders import Json
from tests.factories.refund_cases import RefundCase
from tests.fixtures.pages import money_panel
from tests.fixtures.service import Client


@pytest.mark.parametrize("case", CASES_OF_REFUNDS, ids=lambda case: case["id"])
def test_every_sum_of_a_worked_case_is_that_of_the_order(channel: Client, agent: FlaskClient, case: Json) -> None:
    played = RefundCase(channel, case["order"])
    for step in case["steps"]:
        expected = dict(step["expect"])
        result = played.carry_out(step["act"])
        document = played.document()

        seen = result | document["bill"]
        assert {name: seen.get(name) for name in expected} == expected
        shown = money_panel(agent, document["id"])
        assert {name: shown[name] for name in shown if name in expected} == {
            name: expected[name] for name in shown if name in expected
        }
