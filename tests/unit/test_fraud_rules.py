"""The builtin fraud score keeps its port's promises: each rule adds its points, up to 100."""

from dataclasses import replace
from typing import Any

import pytest

from order_api.integrations.fraud.port import FraudScore, FraudScreener
from order_api.integrations.fraud.promises import HARMLESS, FraudScreenerPromises
from order_api.integrations.fraud.registry import screener as configured
from order_api.integrations.fraud.rules import FraudRules


class TestFraudRules(FraudScreenerPromises):
    @pytest.fixture
    def screener(self) -> FraudScreener:
        return FraudRules()


def score_of(**changes: Any) -> FraudScore:
    return FraudRules().score(replace(HARMLESS, **changes))


@pytest.mark.usefixtures("given_settings")
def test_the_rules_are_the_screener_unless_another_is_configured() -> None:
    assert isinstance(configured(), FraudRules)


def test_an_ordinary_order_scores_nothing() -> None:
    assert score_of() == FraudScore(0, ())


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"email_domain": "blocked.example"}, FraudScore(100, ("blocked_email_domain",))),
        ({"shipping_countries": frozenset({"US", "FR"})}, FraudScore(40, ("ships_to_another_country",))),
        ({"total": 2_000_00}, FraudScore(40, ("large_order_of_a_guest",))),
        ({"email_domain": None}, FraudScore(20, ("guest_without_contact",))),
        ({"largest_quantity": 100}, FraudScore(20, ("many_units_of_one_item",))),
    ],
)
def test_each_rule_has_its_points_and_its_reason(changes: dict[str, Any], score: FraudScore) -> None:
    assert score_of(**changes) == score


@pytest.mark.parametrize(
    "changes",
    [
        {"total": 1_999_99},
        {"total": 2_000_00, "customer_type": "registered"},
        {"total": 1_999, "currency": "JPY"},
        {"email_domain": None, "has_phone": True},
        {"email_domain": None, "customer_type": "registered"},
        {"largest_quantity": 99},
        {"billing_country": None, "shipping_countries": frozenset({"FR"})},
        {"shipping_countries": frozenset()},
    ],
)
def test_just_short_of_a_rule_scores_nothing(changes: dict[str, Any]) -> None:
    assert score_of(**changes).score == 0


def test_a_large_total_is_large_in_the_units_of_its_currency() -> None:
    assert score_of(total=2_000, currency="JPY").reasons == ("large_order_of_a_guest",)


def test_points_add_up_to_at_most_100() -> None:
    score = score_of(email_domain="blocked.example", total=2_000_00, largest_quantity=100)

    assert score.score == 100
    assert len(score.reasons) == 3
