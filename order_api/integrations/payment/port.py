"""The port of a payment gateway, in our words. Each tender type has an adapter of its own."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class PaymentAnswer:
    """`reference` is the gateway's own id; a decline is final for this request and names its `decline_code`."""

    approved: bool
    reference: str
    decline_code: str | None = None


class PaymentGateway(Protocol):
    """Every request carries our id as the gateway's idempotency key: asked twice, it is done once.

    Raises OutsideSystemUnavailable when the outcome is unknown. Amounts are in minor units of `currency`.
    """

    def authorize(self, key: UUID, token: str, amount: int, currency: str) -> PaymentAnswer:
        """Holds money on the means of payment behind `token`, which is empty when the tender came without one."""
        ...

    def capture(self, key: UUID, authorization: str, amount: int) -> PaymentAnswer:
        """Takes money out of an authorization, named by its reference; several captures may share one."""
        ...

    def void(self, key: UUID, authorization: str, amount: int) -> PaymentAnswer:
        """Releases what an authorization still holds."""
        ...

    def find(self, key: UUID) -> PaymentAnswer | None:
        """What became of the request with this key; None when it never arrived."""
        ...
