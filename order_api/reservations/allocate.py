"""Which units become a reservation's, and which bins they lie in. Every caller has locked the sku (J6)."""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.reservations import repository as stock
from order_api.reservations.models import Bin, Reservation, ReservationBin


def allocate(session: Session, reservation: Reservation, units: int) -> None:
    """Gives free units to the reservation, bin by bin; there are as many."""
    reservation.allocate(units, clock.now())
    for bin_ in stock.free_bins(session, reservation.sku):
        part = min(units, bin_.free)
        bin_.held += part
        units -= part
        _add(session, reservation, bin_, part)
        if not units:
            break
    session.flush()


def _add(session: Session, reservation: Reservation, bin_: Bin, units: int) -> None:
    row = insert(ReservationBin).values(reservation_id=reservation.id, bin_id=bin_.id, quantity=units)
    more = {"quantity": ReservationBin.quantity + row.excluded.quantity}
    key = [ReservationBin.reservation_id, ReservationBin.bin_id]
    session.execute(row.on_conflict_do_update(index_elements=key, set_=more))


def give_back(session: Session, reservation: Reservation, units: int) -> None:
    """Units of the reservation stay in their bins and are free again."""
    for bin_, part in _parts(session, reservation, units):
        bin_.held -= part


def take_off_shelf(session: Session, reservation: Reservation, units: int) -> None:
    """Units of the reservation leave their bins. What was never allocated to it is in none and changes none."""
    for bin_, part in _parts(session, reservation, units):
        bin_.on_hand -= part
        bin_.held -= part


def _parts(session: Session, reservation: Reservation, units: int) -> Iterator[tuple[Bin, int]]:
    """From which bins of the reservation how many of the units come; they are the reservation's no longer."""
    for share in stock.bins_of(session, reservation):
        part = min(units, share.quantity)
        share.quantity -= part
        units -= part
        if part:
            yield session.get_one(Bin, share.bin_id), part
