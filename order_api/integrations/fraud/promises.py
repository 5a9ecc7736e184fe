"""What every fraud score provider promises (integrations/fraud/port.py).

Subclass `FraudScreenerPromises` with a fixture `screener`.
"""

from dataclasses import replace
from uuid import uuid4

import pytest

from order_api.integrations.fraud.port import FraudQuestion, FraudScreener
from order_api.words import CustomerType

HARMLESS = FraudQuestion(
    key=uuid4(),
    total=50_00,
    currency="USD",
    channel="web",
    customer_type=CustomerType.GUEST,
    email_domain="example.com",
    has_phone=False,
    billing_country="US",
    shipping_countries=frozenset({"US"}),
    largest_quantity=1,
)
SUSPICIOUS = replace(HARMLESS, key=uuid4(), total=9_000_00, email_domain=None, shipping_countries=frozenset({"FR"}))


class FraudScreenerPromises:
    @pytest.mark.parametrize("question", [HARMLESS, SUSPICIOUS], ids=["harmless", "suspicious"])
    def test_a_score_is_between_0_and_100_and_its_reasons_are_words(
        self, screener: FraudScreener, question: FraudQuestion
    ) -> None:
        answer = screener.score(question)

        assert 0 <= answer.score <= 100
        assert [reason for reason in answer.reasons if not reason.replace("_", "").isalnum()] == []

    def test_the_more_suspicious_order_scores_higher_and_says_why(self, screener: FraudScreener) -> None:
        harmless, suspicious = screener.score(HARMLESS), screener.score(SUSPICIOUS)

        assert suspicious.score > harmless.score
        assert suspicious.reasons

    def test_a_question_repeated_under_one_key_gets_the_same_answer(self, screener: FraudScreener) -> None:
        question = replace(SUSPICIOUS, key=uuid4())

        assert screener.score(question) == screener.score(question)

    def test_a_key_that_was_never_used_is_not_found(self, screener: FraudScreener) -> None:
        assert screener.find(uuid4()) is None

    def test_find_returns_none_or_the_score_that_was_given(self, screener: FraudScreener) -> None:
        question = replace(SUSPICIOUS, key=uuid4())

        answer = screener.score(question)

        assert screener.find(question.key) in (None, answer)
