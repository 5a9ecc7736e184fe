"""The lanes of the outbox. Each has senders of its own, so a receiver that hangs holds up no other lane (J1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

ENGINE, MAIL, INVENTORY, PAYMENT = "engine", "mail", "inventory", "payment"

PAUSES = (0.5, 1, 2, 5, 10, 30)
"""Seconds before each further try, the last for all that follow: a wait may not be reached yet, or be a person's."""


@dataclass(frozen=True)
class Lane:
    """How rows for one receiver are sent: by how many threads, with which pauses, and until when.

    A row older than `give_up_after` is tried no more and is shown to the operator as stuck.
    """

    senders: int = 8
    pauses: tuple[float, ...] = PAUSES
    give_up_after: timedelta = timedelta(days=30)

    @property
    def room(self) -> int:
        """Rows claimed at once, those being sent included, so that no sender waits for the next round."""
        return 2 * self.senders


LANES: Mapping[str, Lane] = {
    ENGINE: Lane(),
    MAIL: Lane(give_up_after=timedelta(days=3)),
    INVENTORY: Lane(),
    PAYMENT: Lane(),
}
MANY: Mapping[str, Lane] = {"webhook": Lane(senders=2, pauses=(1, 5, 30, 300, 3600), give_up_after=timedelta(days=3))}
"""Lanes of which each receiver has its own, as `webhook:<id>`."""


def lane_of(name: str) -> Lane:
    """The lane of this name. Raises KeyError for one that is not known."""
    family, _, one = name.partition(":")
    return MANY[family] if one else LANES[name]


def is_known(name: str) -> bool:
    family, _, one = name.partition(":")
    return family in (MANY if one else LANES)
