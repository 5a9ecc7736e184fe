"""The worked cases of the bill through API and page: after each act, every sum is the one worked out by hand."""

import pytest
from flask.testing import FlaskClient

from tests.factories.after_sale import CASES, Case
from tests.factories.orders import Json
from tests.fixtures.pages import money_panel
from tests.fixtures.service import Client


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_sum_of_a_worked_case_is_that_of_the_order(channel: Client, agent: FlaskClient, case: Json) -> None:
    played = Case(channel, case["order"])
    for step in case["steps"]:
        before, expected = played.document(), dict(step["expect"])
        result = played.carry_out(step["act"])
        after = played.document()

        if "bill_changes_by" in expected:
            changed = expected.pop("bill_changes_by")
            assert (result["bill_changes_by"], result["due_after"]) == (changed, after["bill"]["due"])
            assert result["due"] == before["bill"]["due"]
        if "captured_now" in expected:
            assert [played.text(amount) for amount in result] == [c["amount"] for c in expected.pop("captured_now")]
        assert {name: after["bill"][name] for name in expected} == expected
        assert after["totals"] == before["totals"], "what was placed never changes"
        assert {
            name: amount for name, amount in money_panel(agent, after["id"]).items() if name in expected
        } == expected
