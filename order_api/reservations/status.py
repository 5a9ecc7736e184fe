"""Which status of a reservation may follow which. Goods may leave although their hold was released."""

from enum import StrEnum


class ReservationStatus(StrEnum):
    REQUESTED = "requested"
    HELD = "held"
    BACKORDERED = "backordered"
    REFUSED = "refused"
    RELEASED = "released"
    TAKEN = "taken"


OPEN = frozenset({ReservationStatus.REQUESTED, ReservationStatus.HELD, ReservationStatus.BACKORDERED})

MAY_BECOME: dict[ReservationStatus, frozenset[ReservationStatus]] = {
    ReservationStatus.REQUESTED: frozenset(ReservationStatus) - {ReservationStatus.REQUESTED},
    ReservationStatus.BACKORDERED: frozenset({ReservationStatus.HELD, ReservationStatus.RELEASED}),
    ReservationStatus.HELD: frozenset({ReservationStatus.RELEASED, ReservationStatus.TAKEN}),
    ReservationStatus.REFUSED: frozenset(),
    ReservationStatus.RELEASED: frozenset({ReservationStatus.TAKEN}),
    ReservationStatus.TAKEN: frozenset(),
}
