"""Why fulfillment cannot ship an item."""

from enum import StrEnum


class UnableToShipReason(StrEnum):
    DAMAGED = "damaged"
    LOST = "lost"
    NOT_FOUND = "not_found"
    OTHER = "other"
