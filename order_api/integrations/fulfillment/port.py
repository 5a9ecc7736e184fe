"""The port of a fulfillment vendor (a warehouse, a drop shipper), in our words. Each location has one adapter."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class FulfillmentAnswer(StrEnum):
    ACCEPTED = "accepted"
    CANCELED = "canceled"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Destination:
    """A postal address without the recipient; `country` is ISO 3166 in two capital letters."""

    line1: str
    city: str
    country: str
    company: str | None = None
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True)
class RequestedItem:
    """Units of one line of the order; a parcel names the line by `item_id`."""

    item_id: UUID
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True)
class FulfillmentRequest:
    """Goods to be sent together; `key` is ours and names the request from then on.

    `destination` is None for goods that are not sent to an address. `phone` is the recipient's, for the carrier.
    `method` is the channel's word for how they travel. `promised_at` is when the customer was told they arrive.
    """

    key: UUID
    order_id: UUID
    order_number: str
    recipient: str | None
    phone: str | None
    destination: Destination | None
    method: str | None
    items: tuple[RequestedItem, ...]
    promised_at: datetime | None = None


@dataclass(frozen=True)
class Parcel:
    """Goods that left together; `quantities` is by item."""

    carrier: str
    tracking_number: str
    quantities: dict[UUID, int]


@dataclass(frozen=True)
class Recall:
    """`parcel` is what has left when the answer is TOO_LATE."""

    answer: FulfillmentAnswer
    parcel: Parcel | None = None


class FulfillmentVendor(Protocol):
    """Raises OutsideSystemUnavailable when the outcome is unknown. The vendor tells our API what has left."""

    def send(self, request: FulfillmentRequest) -> FulfillmentAnswer:
        """ACCEPTED, or CANCELED when it was recalled before it arrived. Asked twice, it is sent once."""
        ...

    def find(self, key: UUID) -> FulfillmentAnswer | None:
        """How the request stands; None when it never arrived."""
        ...

    def cancel(self, key: UUID) -> Recall:
        """CANCELED: it will not leave, also when it never arrived. TOO_LATE: it has left, in this parcel."""
        ...
