"""The role of a fulfillment vendor (a warehouse, a drop shipper), in our words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class FulfillmentAnswer(StrEnum):
    ACCEPTED = "accepted"
    CANCELED = "canceled"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class FulfillmentRequest:
    """Units of one item to be sent to the order's address; `key` is ours and names the request from then on."""

    key: UUID
    order_id: UUID
    item_id: UUID
    sku: str
    quantity: int
    method: str | None


@dataclass(frozen=True)
class Parcel:
    """What left together, by item."""

    carrier: str
    tracking_number: str
    quantities: dict[UUID, int]


@dataclass(frozen=True)
class Recall:
    """`parcel` is what has left when the answer is TOO_LATE."""

    answer: FulfillmentAnswer
    parcel: Parcel | None = None


class FulfillmentVendor(Protocol):
    """Raises OutsideSystemUnavailable when the outcome is unknown. What left is reported to our API by the vendor."""

    def send(self, request: FulfillmentRequest) -> FulfillmentAnswer:
        """ACCEPTED, or CANCELED when it was recalled before it arrived. Asked twice, it is sent once."""
        ...

    def find(self, key: UUID) -> FulfillmentAnswer | None:
        """How the request stands; None when it never arrived."""
        ...

    def cancel(self, key: UUID) -> Recall:
        """CANCELED: it will not leave, also when it never arrived. TOO_LATE: it has left, in this parcel."""
        ...
