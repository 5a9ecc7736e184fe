"""The port of a payment gateway, in our words. Each tender type has its own adapter."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class GatewayReply:
    """`reference` is the gateway's own id. A decline is final for this request and has a `decline_code`."""

    approved: bool
    reference: str
    decline_code: str | None = None


class PaymentGateway(Protocol):
    """Every request carries our id as the gateway's idempotency key, so a repeated request is carried out once.

    Raises OutsideSystemUnavailable when the outcome is unknown. Amounts are in minor units of `currency`.
    """

    needs_token: bool
    """Whether a tender of this type must carry a token. One without cannot take the place of a declined tender.

    Read off the class, before an adapter is made; a factory function that declares nothing needs one.
    """

    def authorize(self, key: UUID, token: str, amount: int, currency: str) -> GatewayReply:
        """Holds money on the means of payment behind `token`, which is empty for a tender without one."""
        ...

    def capture(self, key: UUID, authorization: str, amount: int, currency: str) -> GatewayReply:
        """Takes money from the authorization with this reference; several captures may share one."""
        ...

    def void(self, key: UUID, authorization: str, amount: int, currency: str) -> GatewayReply:
        """Releases `amount` of what the authorization still holds."""
        ...

    def find(self, key: UUID) -> GatewayReply | None:
        """Returns the answer to the request with this key; None if it never arrived."""
        ...
