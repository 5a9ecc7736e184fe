"""The builtin fraud score: a few rules that a shop can explain to its customer. The DMN table acts on the score."""

from collections.abc import Callable
from uuid import UUID

from order_api.core import money
from order_api.integrations.fraud.port import FraudQuestion, FraudScore
from order_api.words import CustomerType

LARGE_TOTAL = 2_000
MANY_UNITS = 100
BLOCKED_DOMAINS = frozenset({"blocked.example"})

RULES: tuple[tuple[str, int, Callable[[FraudQuestion], bool]], ...] = (
    ("blocked_email_domain", 100, lambda q: q.email_domain in BLOCKED_DOMAINS),
    ("ships_to_another_country", 40, lambda q: bool(q.billing_country and q.shipping_countries - {q.billing_country})),
    ("large_order_of_a_guest", 40, lambda q: _is_guest(q) and _is_large(q)),
    ("guest_without_contact", 20, lambda q: _is_guest(q) and not (q.email_domain or q.has_phone)),
    ("many_units_of_one_item", 20, lambda q: q.largest_quantity >= MANY_UNITS),
)


def _is_guest(question: FraudQuestion) -> bool:
    return question.customer_type == CustomerType.GUEST


def _is_large(question: FraudQuestion) -> bool:
    return money.to_decimal(question.total, question.currency) >= LARGE_TOTAL


class FraudRules:
    def score(self, question: FraudQuestion) -> FraudScore:
        hits = [(name, points) for name, points, applies in RULES if applies(question)]
        return FraudScore(min(100, sum(points for _, points in hits)), tuple(name for name, _ in hits))

    def find(self, key: UUID) -> FraudScore | None:
        """Stores no scores: calling `score` again gives the same result."""
        return None
