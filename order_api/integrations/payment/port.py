"""The port of a payment gateway, in our words. Each tender type has its own adapter."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class GatewayReply:
    """`reference` is the gateway's own id. A decline is final for this request and has a `decline_code`. `amount` is
    what the gateway booked, in minor units; the audit compares it. None if the gateway does not tell."""

    approved: bool
    reference: str
    decline_code: str | None = None
    amount: int | None = None


@dataclass(frozen=True)
class PaymentRequest:
    """`key` is the gateway's idempotency key: a repeated request is carried out once. `amount` is in minor units of
    `currency`. `order_number` is what the customer and customer service call the order."""

    key: UUID
    amount: int
    currency: str
    order_number: str


class PaymentGateway(Protocol):
    """Raises OutsideSystemUnavailable when the outcome of a request is unknown."""

    needs_token: bool
    """Whether a tender of this type must have a token. A type that needs none cannot replace a declined tender.

    The service reads this from the class, without creating an adapter. A factory function without it counts as True.
    """

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        """Holds money on the means of payment behind `token`, which is empty for a tender without one."""
        ...

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        """Takes money from the authorization with this reference; several captures may share one."""
        ...

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        """Releases the amount from what the authorization still holds."""
        ...

    def find(self, key: UUID) -> GatewayReply | None:
        """Returns the answer to the request with this key; None if it never arrived."""
        ...
