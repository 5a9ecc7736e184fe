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


class Cause(NamedTuple):
    """The record that gave units their fate: the shipment they left with, the cancellation that took them."""

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
"""Another piece may be shipped for a lost unit, which may also turn up: with the customer or back in the house.

A unit comes back from the customer or because the carrier could not deliver it; either way it may be shipped again.
"""

DEPARTED = frozenset({Fate.SHIPPED, Fate.DELIVERED, Fate.LOST, Fate.RETURNED})
"""The fates of units that have left the house at least once."""
