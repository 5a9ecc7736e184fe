"""The worked cases of returns, stored and paid: order document and page show the sums worked out by hand."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.factories.after_sale import CASES_OF_RETURNS
from tests.factories.orders import Json
from tests.factories.return_cases import ReturnCase
from tests.fixtures.pages import money_panel
from tests.fixtures.service import Client


@pytest.mark.parametrize("case", CASES_OF_RETURNS, ids=lambda case: case["id"])
def test_every_sum_of_a_worked_case_is_that_of_the_order(channel: Client, agent: FlaskClient, case: Json) -> None:
    played = ReturnCase(channel, case["order"])
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
