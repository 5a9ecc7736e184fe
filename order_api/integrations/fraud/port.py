"""The port of a fraud score provider, in our words."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class FraudQuestion:
    """The facts about an order that a score is based on; `total` is in minor units of `currency`."""

    key: UUID
    total: int
    currency: str
    channel: str
    customer_type: str
    email_domain: str | None
    has_phone: bool
    billing_country: str | None
    shipping_countries: frozenset[str]
    largest_quantity: int


@dataclass(frozen=True)
class FraudScore:
    """`score` runs from 0 (harmless) to 100 (certain fraud); `reasons` are snake_case words for the reviewer."""

    score: int
    reasons: tuple[str, ...]


class FraudScreener(Protocol):
    def score(self, question: FraudQuestion) -> FraudScore:
        """Returns the same score when repeated under one key. Raises OutsideSystemUnavailable."""
        ...

    def find(self, key: UUID) -> FraudScore | None:
        """Returns the score given under this key; None if there is none, or if calling `score` again costs nothing."""
        ...
