"""Which status of a reservation may follow which."""

from enum import StrEnum


class ReservationStatus(StrEnum):
    REQUESTED = "requested"
    HELD = "held"
    BACKORDERED = "backordered"
    REFUSED = "refused"
    RELEASED = "released"


OPEN = frozenset({ReservationStatus.REQUESTED, ReservationStatus.HELD, ReservationStatus.BACKORDERED})

MAY_BECOME: dict[ReservationStatus, frozenset[ReservationStatus]] = {
    ReservationStatus.REQUESTED: frozenset(ReservationStatus) - {ReservationStatus.REQUESTED},
    ReservationStatus.BACKORDERED: frozenset({ReservationStatus.HELD, ReservationStatus.RELEASED}),
    ReservationStatus.HELD: frozenset({ReservationStatus.RELEASED}),
    ReservationStatus.REFUSED: frozenset(),
    ReservationStatus.RELEASED: frozenset(),
}
