"""The port of a payment gateway, in our words. Each tender type has its own adapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class GatewayReply:
    """`reference` is the gateway's own id. A decline is final for this request and has a `decline_code`. `amount` is
    what the gateway booked, in minor units; the audit compares it. None if the gateway does not tell.

    Of a refund: with `is_pending`, the gateway has taken the request and decides later; `approved` is False until then.
    `trace_number` is what the customer's bank finds it by, `expected_by` the day on which it should have arrived.
    """

    approved: bool
    reference: str
    decline_code: str | None = None
    amount: int | None = None
    is_pending: bool = False
    trace_number: str | None = None
    expected_by: date | None = None


AUTHORIZATION_EXPIRED = "authorization_expired"
"""The decline code of a capture or void whose authorization the gateway has let go after a time."""
TOO_OLD = "too_old"
"""The decline code of a refund whose capture the gateway does not give back any more."""


@dataclass(frozen=True)
class RefundTerms:
    """What refunds an adapter can make. `minimum` is in minor units, `days` count from the capture (None: no limit). A
    refund that is pending is decided within `decides_within` days."""

    partial: bool = True
    several_per_capture: bool = True
    minimum: int = 1
    days: int | None = None
    decides_within: int = 14


@dataclass(frozen=True)
class PaymentRequest:
    """`key` is the gateway's idempotency key: a repeated request is carried out once. `amount` is in minor units of
    `currency`. `order_number` is what the customer and customer service call the order."""

    key: UUID
    amount: int
    currency: str
    order_number: str


class GatewayEventKind(StrEnum):
    """What a gateway may report by itself. `refund_failed` may come days after the refund was done;
    `authorization_expired` says that what an authorization still held is released."""

    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    CAPTURE_DONE = "capture_done"
    AUTHORIZATION_EXPIRED = "authorization_expired"


@dataclass(frozen=True)
class GatewayEvent:
    """One message of a gateway. `id` is the gateway's own, the same when the message comes again. It is about our
    request with this `key` or, if the gateway does not tell that, with this `reference`.

    `at` is when it happened, by the gateway's clock, with a time zone. Of two messages about one request, the later one
    counts, also if it comes first. None if the gateway does not tell: then the one counts that comes last.
    """

    id: str
    kind: GatewayEventKind
    key: UUID | None = None
    reference: str | None = None
    decline_code: str | None = None
    trace_number: str | None = None
    expected_by: date | None = None
    at: datetime | None = None


class EventRefused(ValueError):
    """The signature of a message is wrong, or it cannot be read."""


class SendsEvents(Protocol):
    """What an adapter adds whose gateway sends messages to `/v1/payment-events/<tender type>`."""

    sends_events: bool
    """True. The service reads this from the class."""

    def read_event(self, headers: Mapping[str, str], body: bytes) -> GatewayEvent | None:
        """Checks the signature and reads the message; None if it is of no interest. Raises EventRefused.

        The service calls it for every message, also for forged ones, so it asks no other system.
        """
        ...


class PaymentGateway(Protocol):
    """Raises OutsideSystemUnavailable when the outcome of a request is unknown."""

    needs_token: bool
    """Whether a tender of this type must have a token. A type that needs none cannot replace a declined tender.

    The service reads this from the class, without creating an adapter. A factory function without it counts as True.
    """

    @property
    def refund_terms(self) -> RefundTerms | None:
        """What refunds it can make; None if none. An attribute of the class, so that it is read without an adapter."""

    def authorize(self, request: PaymentRequest, token: str) -> GatewayReply:
        """Holds money on the means of payment behind `token`, which is empty for a tender without one."""
        ...

    def capture(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        """Takes money from the authorization with this reference; several captures may share one. The decline code
        `authorization_expired` makes the service authorize anew."""
        ...

    def void(self, request: PaymentRequest, authorization: str) -> GatewayReply:
        """Releases the amount from what the authorization still holds."""
        ...

    def refund(self, request: PaymentRequest, capture: str) -> GatewayReply:
        """Gives back the amount from the capture with this reference. A decline code `too_old` says that it is too
        late for any refund of the capture."""
        ...

    def find(self, key: UUID) -> GatewayReply | None:
        """Returns the answer to the request with this key; None if it never arrived."""
        ...
