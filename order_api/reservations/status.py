"""Which status of a reservation may follow which. Goods may leave after their reservation was released."""

from enum import StrEnum


class ReservationStatus(StrEnum):
    RESERVED = "reserved"
    BACKORDERED = "backordered"
    REFUSED = "refused"
    RELEASED = "released"
    TAKEN = "taken"


OPEN = frozenset({ReservationStatus.RESERVED, ReservationStatus.BACKORDERED})

HAD_STOCK = frozenset({ReservationStatus.RESERVED, ReservationStatus.RELEASED, ReservationStatus.TAKEN})

MAY_BECOME: dict[ReservationStatus, frozenset[ReservationStatus]] = {
    ReservationStatus.BACKORDERED: frozenset({ReservationStatus.RESERVED, ReservationStatus.RELEASED}),
    ReservationStatus.RESERVED: frozenset({ReservationStatus.RELEASED, ReservationStatus.TAKEN}),
    ReservationStatus.RELEASED: frozenset({ReservationStatus.TAKEN}),
    ReservationStatus.REFUSED: frozenset(),
    ReservationStatus.TAKEN: frozenset(),
}


def transition(before: ReservationStatus, after: ReservationStatus) -> ReservationStatus:
    """Returns `after`. Raises ValueError if it may not follow, which means that a story did not check the status."""
    if after not in MAY_BECOME[before]:
        raise ValueError(f"A reservation that is {before} cannot become {after}.")
    return after
