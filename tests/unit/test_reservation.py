"""Rules of one reservation, independent of the story."""

from datetime import UTC, datetime

import pytest

from order_api.reservations.models import Reservation
from order_api.reservations.status import MAY_BECOME, ReservationStatus, transition

RESERVED, BACKORDERED, REFUSED = ReservationStatus.RESERVED, ReservationStatus.BACKORDERED, ReservationStatus.REFUSED
RELEASED, TAKEN = ReservationStatus.RELEASED, ReservationStatus.TAKEN
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def reservation(quantity: int, allocated: int = 0, taken: int = 0) -> Reservation:
    status = RESERVED if allocated == quantity else BACKORDERED
    return Reservation(quantity=quantity, allocated=allocated, taken=taken, status=status)


def test_a_reservation_waits_until_it_has_all_of_its_units() -> None:
    waiting = reservation(3)

    waiting.allocate(2, NOW)
    assert (waiting.status, waiting.missing) == (BACKORDERED, 1)

    waiting.allocate(1, NOW)
    assert (waiting.status, waiting.missing, waiting.status_since) == (RESERVED, 0, NOW)


@pytest.mark.parametrize(
    ("shipped", "taken", "given_back"),
    [(0, 0, 3), (2, 0, 1), (2, 2, 1), (2, 1, 1), (1, 2, 1), (3, 3, 0)],
)
def test_a_release_gives_back_all_but_what_has_shipped(shipped: int, taken: int, given_back: int) -> None:
    held = reservation(3, allocated=3, taken=taken)

    assert held.release(shipped, NOW) == given_back

    assert (held.status, held.allocated) == (RELEASED, 3 - given_back)


def test_a_reservation_that_shipped_more_than_it_was_given_gives_back_nothing() -> None:
    assert reservation(3, allocated=2).release(3, NOW) == 0


def test_a_reservation_is_taken_when_its_last_units_leave() -> None:
    held = reservation(3, allocated=3)

    assert [held.take(units, NOW) for units in (2, 1)] == [False, True]

    assert held.status == TAKEN


def test_more_goods_that_leave_afterwards_do_not_end_a_reservation_again() -> None:
    held = reservation(1, allocated=1)

    assert [held.take(1, NOW) for _ in range(2)] == [True, False]


def test_a_released_reservation_may_still_be_taken() -> None:
    held = reservation(2, allocated=2)
    held.release(2, NOW)

    assert held.take(2, NOW) is True


@pytest.mark.parametrize("after", list(ReservationStatus))
@pytest.mark.parametrize("final", [REFUSED, TAKEN])
def test_nothing_follows_a_final_status(final: ReservationStatus, after: ReservationStatus) -> None:
    with pytest.raises(ValueError, match=f"is {final} cannot become {after}"):
        transition(final, after)


@pytest.mark.parametrize(
    ("before", "allowed"),
    [(BACKORDERED, {RESERVED, RELEASED}), (RESERVED, {RELEASED, TAKEN}), (RELEASED, {TAKEN})],
)
def test_the_table_says_what_may_follow(before: ReservationStatus, allowed: set[ReservationStatus]) -> None:
    assert MAY_BECOME[before] == allowed
    assert {transition(before, after) for after in allowed} == allowed
