"""The worked cases of refunds and returns: preview or plan, execution, storage, order document and page agree."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.factories.after_sale import CASES_OF_REFUNDS, CASES_OF_RETURNS
from tests.factories.orders import Json
from tests.factories.refund_cases import RefundCase
from tests.factories.return_cases import ReturnCase
from tests.fixtures.pages import money_panel, refunds_on_page
from tests.fixtures.service import Client

CASES = [*((RefundCase, case) for case in CASES_OF_REFUNDS), *((ReturnCase, case) for case in CASES_OF_RETURNS)]


@pytest.mark.parametrize(("play", "case"), CASES, ids=[case["id"] for _, case in CASES])
def test_every_sum_of_a_worked_case_is_that_of_the_order(
    channel: Client, agent: FlaskClient, play: type[RefundCase], case: Json
) -> None:
    played = play(channel, case["order"])
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
        for fee in result.get("fees", ()):
            assert fees_booked(document, fee["type"])[-len(fee["by_line"]) :] == [
                (name.removeprefix("line "), part["gross"], [tax for tax in part["taxes"] if Decimal(tax)])
                for name, part in fee["by_line"].items()
            ]


def fees_booked(order: Json, fee_type: str) -> list[tuple[str, str, list[str]]]:
    """Line, amount and taxes of each adjustment by this fee."""
    booked = [each for each in order["bill"]["adjustments"] if each["fee_type"] == fee_type]
    assert all(each["kind"] == "fee" for each in booked)
    return [
        (each["line_id"], each["amount"], [tax["amount"] for tax in each["taxes"] if Decimal(tax["amount"])])
        for each in booked
    ]
