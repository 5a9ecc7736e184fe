"""What can become of a unit, and which fate may follow which. A unit without a fate is open."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Fate(StrEnum):
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    LOST = "lost"
    RETURNED = "returned"


class CauseKind(StrEnum):
    SHIPMENT = "shipment"
    CANCELLATION = "cancellation"
    REFUND = "refund"
    RETURN = "return"


class Cause(NamedTuple):
    """The record that gave units their fate or changed the bill, such as their shipment or their cancellation."""

    kind: CauseKind
    id: UUID


MAY_FOLLOW: Mapping[Fate | None, frozenset[Fate]] = {
    None: frozenset({Fate.SHIPPED, Fate.CANCELED}),
    Fate.SHIPPED: frozenset({Fate.DELIVERED, Fate.LOST, Fate.RETURNED}),
    Fate.DELIVERED: frozenset({Fate.LOST, Fate.RETURNED}),
    Fate.CANCELED: frozenset(),
    Fate.LOST: frozenset({Fate.SHIPPED, Fate.DELIVERED, Fate.RETURNED}),
    Fate.RETURNED: frozenset({Fate.SHIPPED}),
}
"""A lost unit may be replaced by another shipment, or turn up: delivered or returned.

A returned unit comes from the customer or from a carrier that could not deliver it. It may be shipped again.
"""

DEPARTED = frozenset({Fate.SHIPPED, Fate.DELIVERED, Fate.LOST, Fate.RETURNED})
"""The fates of units that have left the building at least once."""
