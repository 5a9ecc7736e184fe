from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from order_api.orders.models import Order
from order_api.reservations.models import Bin, Reservation, ReservationBin, StockKeepingUnit, StockQuality
from order_api.reservations.status import HAD_STOCK, OPEN, ReservationStatus


def of_order(session: Session, order_id: UUID) -> list[Reservation]:
    return list(session.scalars(_of_order(order_id)))


def _of_order(order_id: UUID) -> Select[Reservation]:
    query = select(Reservation).where(Reservation.order_id == order_id)
    return query.order_by(Reservation.requested_at, Reservation.place)


def open_of_item(session: Session, item_id: UUID) -> Reservation | None:
    return session.scalar(select(Reservation).where(Reservation.item_id == item_id, Reservation.status.in_(OPEN)))


def lock_sku(session: Session, sku: str) -> StockKeepingUnit:
    """Locks the row of the sku and creates it for a new sku. The lock serializes all stories of the sku (J6)."""
    unit = session.get(StockKeepingUnit, sku, with_for_update=True, populate_existing=True)
    if unit is not None:
        return unit
    session.execute(insert(StockKeepingUnit).values(sku=sku).on_conflict_do_nothing())
    return session.get_one(StockKeepingUnit, sku, with_for_update=True, populate_existing=True)


def lock_skus(session: Session, skus: Collection[str]) -> None:
    """Locks the rows of known skus, always in the same (byte) order, so two stories cannot deadlock."""
    rows = select(StockKeepingUnit.sku).where(StockKeepingUnit.sku.in_(skus))
    session.execute(rows.order_by(StockKeepingUnit.sku.collate("C")).with_for_update())


def lock_open(session: Session, item_ids: Collection[UUID]) -> list[Reservation]:
    """The open reservations of these items. Locks the skus first, then reads the reservations, because a receipt may
    fill one until its sku is locked."""
    query = select(Reservation).where(Reservation.item_id.in_(item_ids), Reservation.status.in_(OPEN))
    lock_skus(session, set(session.scalars(query.with_only_columns(Reservation.sku))))
    return list(session.scalars(query.order_by(Reservation.place).execution_options(populate_existing=True)))


def stocked_reservations_by_item(session: Session, order_id: UUID) -> dict[UUID, Reservation]:
    """The latest reservation of each item that had stock. The caller has locked the skus."""
    query = _of_order(order_id).where(Reservation.status.in_(HAD_STOCK))
    return {row.item_id: row for row in session.scalars(query.execution_options(populate_existing=True))}


def backorders(session: Session, sku: str, limit: int) -> list[Reservation]:
    """The first waiting reservations of the sku, oldest first. The caller has locked the sku."""
    query = _backorders(sku).order_by(Reservation.place).limit(limit)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def order_numbers(session: Session, reservations: Collection[Reservation]) -> dict[UUID, str]:
    """The public numbers of the orders by order id. Needs no lock, because they never change."""
    query = select(Order.id, Order.number).where(Order.id.in_({row.order_id for row in reservations}))
    return {row.id: row.number for row in session.execute(query)}


def missing_units(session: Session, sku: str) -> int:
    """The units that all backorders of the sku still wait for."""
    missing = func.coalesce(func.sum(Reservation.quantity - Reservation.allocated), 0)
    return int(session.scalar(_backorders(sku).with_only_columns(missing)) or 0)


def _backorders(sku: str) -> Select[Reservation]:
    return select(Reservation).where(Reservation.sku == sku, Reservation.status == ReservationStatus.BACKORDERED)


def bin_of(session: Session, sku: str, location: str, name: str, quality: StockQuality) -> Bin:
    """Creates it where it is missing. The caller has locked the sku."""
    query = select(Bin).where(Bin.sku == sku, Bin.location == location, Bin.name == name, Bin.quality == quality)
    bin_ = session.scalar(query)
    if bin_ is None:
        bin_ = Bin(id=uuid4(), sku=sku, location=location, name=name, quality=quality, on_hand=0, reserved=0)
        session.add(bin_)
    return bin_


def free_units(session: Session, sku: str) -> int:
    free = select(func.coalesce(func.sum(Bin.on_hand - Bin.reserved), 0))
    return int(session.scalar(free.where(Bin.sku == sku, Bin.quality == StockQuality.SELLABLE)) or 0)


def free_bins(session: Session, sku: str) -> list[Bin]:
    sellable = Bin.quality == StockQuality.SELLABLE
    query = select(Bin).where(Bin.sku == sku, Bin.on_hand > Bin.reserved, sellable)
    return list(session.scalars(query.order_by(Bin.location, Bin.name)))


def bins_of(session: Session, reservation: Reservation) -> list[ReservationBin]:
    """The bins that hold its units. Reloads the rows, because `allocate` writes them past the session."""
    query = select(ReservationBin).where(ReservationBin.reservation_id == reservation.id, ReservationBin.quantity > 0)
    return list(session.scalars(query.order_by(ReservationBin.bin_id).execution_options(populate_existing=True)))
