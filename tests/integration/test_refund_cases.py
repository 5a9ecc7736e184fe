"""The worked cases of refunds through preview, execution, storage, order document and page."""

import pytest
from flask.testing import FlaskClient

from tests.factories.after_sale import CASES_OF_REFUNDS
from tests.factories.orders import Json
from tests.factories.refund_cases import RefundCase
from tests.fixtures.pages import money_panel, refunds_on_page
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
        shown, told = money_panel(agent, document["id"]), refunds_on_page(agent, document["id"])
        assert shown.keys() >= {"due", "to_capture", "captured", "refunded", "outstanding"}
        assert list(told) == [refund["number"] for refund in document["refunds"]]
        for refund in document["refunds"]:
            sums = [f"{refund[name]} {document['currency']}" for name in ("amount", "paid_back")]
            assert "{} off the bill {} to the customer.".format(*sums) in told[refund["number"]]
        assert {name: shown[name] for name in shown if name in expected} == {
            name: expected[name] for name in shown if name in expected
        }
