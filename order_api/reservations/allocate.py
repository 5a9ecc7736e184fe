"""Moves units between bins and reservations. Every caller has locked the sku (J6)."""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.core import clock
from order_api.reservations import repository as stock
from order_api.reservations.models import Bin, Reservation, ReservationBin


def allocate(session: Session, reservation: Reservation, units: int) -> None:
    """Gives free units to the reservation, bin by bin. The caller has checked that enough are free."""
    reservation.allocate(units, clock.now())
    for bin_ in stock.free_bins(session, reservation.sku):
        part = min(units, bin_.free)
        bin_.reserved += part
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
    """Frees units of the reservation; they stay in their bins."""
    for bin_, part in _parts(session, reservation, units):
        bin_.reserved -= part


def take_off_shelf(session: Session, reservation: Reservation, units: int) -> None:
    """Removes units of the reservation from their bins. Skips units that were never allocated and are in no bin."""
    for bin_, part in _parts(session, reservation, units):
        bin_.on_hand -= part
        bin_.reserved -= part


def _parts(session: Session, reservation: Reservation, units: int) -> Iterator[tuple[Bin, int]]:
    """Takes units away from the reservation; yields each bin with the number taken from it."""
    for share in stock.bins_of(session, reservation):
        part = min(units, share.quantity)
        share.quantity -= part
        units -= part
        if part:
            yield session.get_one(Bin, share.bin_id), part
