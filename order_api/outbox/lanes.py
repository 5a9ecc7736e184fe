"""The lanes of the outbox. Each lane has its own senders, so a receiver that hangs delays no other lane (J1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

ENGINE, MAIL, INVENTORY, PAYMENT, FULFILLMENT = "engine", "mail", "inventory", "payment", "fulfillment"

PAUSES = (0.5, 1, 2, 5, 10, 30)
"""Seconds before each retry; the last repeats. The flow may reach its wait in a moment, or only after a person acts."""


@dataclass(frozen=True)
class Lane:
    """How rows of a lane are sent: by how many threads, with which pauses, and until when.

    A row older than `give_up_after` is no longer tried; operators see it as stuck.
    """

    senders: int = 8
    pauses: tuple[float, ...] = PAUSES
    give_up_after: timedelta = timedelta(days=30)

    @property
    def room(self) -> int:
        """How many rows a relay may hold. More than there are senders, so senders need not wait for the next round."""
        return 2 * self.senders


LANES: Mapping[str, Lane] = {
    ENGINE: Lane(),
    MAIL: Lane(give_up_after=timedelta(days=3)),
    INVENTORY: Lane(),
    PAYMENT: Lane(),
    FULFILLMENT: Lane(),
}
LANE_FAMILIES: Mapping[str, Lane] = {
    "webhook": Lane(senders=2, pauses=(1, 5, 30, 300, 3600), give_up_after=timedelta(days=3))
}
"""Families of lanes with one lane per receiver, such as `webhook:<id>`."""


def lane_of(name: str) -> Lane:
    """The lane of this name. Raises KeyError for an unknown one."""
    family, _, one = name.partition(":")
    return LANE_FAMILIES[family] if one else LANES[name]


def is_known(name: str) -> bool:
    family, _, one = name.partition(":")
    return family in (LANE_FAMILIES if one else LANES)
