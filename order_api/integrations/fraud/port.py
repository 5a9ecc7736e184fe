"""The port of a fraud score provider, in our words."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class FraudQuestion:
    """What a score is made of; `total` is in minor units of `currency`."""

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
    """0 harmless to 100 certain; `reasons` are snake_case words for the one who reviews."""

    score: int
    reasons: tuple[str, ...]


class FraudScreener(Protocol):
    def score(self, question: FraudQuestion) -> FraudScore:
        """Asked twice under one key, it answers the same. Raises OutsideSystemUnavailable."""
        ...

    def find(self, key: UUID) -> FraudScore | None:
        """The score given under this key; None when none was asked for, or when asking again costs nothing."""
        ...
