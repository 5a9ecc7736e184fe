"""The worked cases of refunds and returns on the pure reckoning: after each act, every sum is the one worked out by
hand."""

import pytest

from tests.factories.after_sale import CASES_OF_REFUNDS, CASES_OF_RETURNS
from tests.factories.orders import Json
from tests.factories.pure_case import PureCase


@pytest.mark.parametrize("case", [*CASES_OF_REFUNDS, *CASES_OF_RETURNS], ids=lambda case: case["id"])
def test_every_sum_of_a_worked_case_is_that_of_the_reckoning(case: Json) -> None:
    played = PureCase(case)
    for step in case["steps"]:
        seen = played.carry_out(step["act"]) | played.sums()

        assert {name: seen.get(name) for name in step["expect"]} == step["expect"]
