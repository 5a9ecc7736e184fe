"""The port of a fulfillment vendor (a warehouse, a drop shipper), in our words. Each location has one adapter."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class FulfillmentAnswer(StrEnum):
    """ACCEPTED stays the answer after the goods have left. CANCELED: a recall came first, so they will not leave."""

    ACCEPTED = "accepted"
    CANCELED = "canceled"


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
    """Units of one order line. A recall's parcel refers to the line by `item_id`, a report to our API by `line_id`."""

    item_id: UUID
    line_id: str
    sku: str
    name: str
    quantity: int


@dataclass(frozen=True)
class FulfillmentRequest:
    """Goods to send together; `key` is our id, under which the vendor knows the request.

    `destination` is None for goods that are not sent to an address. `phone` is the recipient's, for the carrier.
    `method` is the channel's word for the shipping method. `promised_at` is the arrival promised to the customer.
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
    """Goods that left together; `quantities` maps item ids to units."""

    carrier: str
    tracking_number: str
    quantities: dict[UUID, int]


@dataclass(frozen=True)
class Recall:
    """`parcel` holds the goods that left before the recall. None: the goods will not leave, even if the request arrives
    after the recall."""

    parcel: Parcel | None = None


class FulfillmentVendor(Protocol):
    """Raises OutsideSystemUnavailable when the outcome is unknown. The vendor reports to our API what left,
    what arrived and what it cannot ship."""

    def send(self, request: FulfillmentRequest) -> FulfillmentAnswer:
        """Returns ACCEPTED, or CANCELED if a recall arrived first. Repeating a request ships nothing twice."""
        ...

    def find(self, key: UUID) -> FulfillmentAnswer | None:
        """Returns the answer to the request; None if it never arrived."""
        ...

    def recall(self, key: UUID) -> Recall:
        """Calls the goods back. Repeating it gives the same answer."""
        ...
