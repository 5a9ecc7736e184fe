"""What an adapter declares that it cannot do is refused before a refund is promised, in words."""

from datetime import timedelta

import pytest

from order_api.core import clock
from order_api.integrations.payment.port import RefundTerms
from order_api.payments.models import PaymentTransaction
from order_api.refunds.terms import why_not_at_adapter


def captured(days_ago: int = 0) -> PaymentTransaction:
    return PaymentTransaction(amount=20_00, currency="USD", settled_at=clock.now() - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("terms", "amount", "given_back", "days_ago", "words"),
    [
        (None, 20_00, 0, 0, "takes no refunds"),
        (RefundTerms(partial=False), 19_99, 0, 0, "gives back only the whole capture of 20.00 USD"),
        (RefundTerms(partial=False), 20_00, 0, 0, None),
        (RefundTerms(several_per_capture=False), 5_00, 1, 0, "gives a capture back only once"),
        (RefundTerms(several_per_capture=False), 5_00, 0, 0, None),
        (RefundTerms(minimum=5_00), 4_99, 0, 0, "gives back 5.00 USD or more"),
        (RefundTerms(minimum=5_00), 5_00, 0, 0, None),
        (RefundTerms(days=90), 5_00, 0, 91, "gives back within 90 days"),
        (RefundTerms(days=90), 5_00, 0, 89, None),
        (RefundTerms(), 5_00, 15_00, 900, None),
    ],
)
def test_each_limit(terms: RefundTerms | None, amount: int, given_back: int, days_ago: int, words: str | None) -> None:
    why_not = why_not_at_adapter(terms, captured(days_ago), amount, given_back)

    assert why_not is None if words is None else words in str(why_not)
