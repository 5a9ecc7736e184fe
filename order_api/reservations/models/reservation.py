from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.reservations.status import OPEN, ReservationStatus, transition


class Reservation(Base):
    """Units of a sku set aside for an item, or the item's backorder for them.

    It is reserved once `allocated` is all of `quantity`; until then it is backordered and waits by `place`. A released
    reservation keeps only what has shipped. `taken` counts units that have left; it may exceed `allocated`, because
    goods may leave after their reservation was released.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        Index(
            "uq_reservations_open_item",
            "item_id",
            unique=True,
            postgresql_where=text("status IN ('reserved', 'backordered')"),
        ),
        Index("ix_reservations_backorders", "sku", "place", postgresql_where=text("status = 'backordered'")),
        CheckConstraint("quantity > 0", "quantity"),
        check_one_of(ReservationStatus, "status"),
        # `taken` has no upper bound.
        CheckConstraint("allocated BETWEEN 0 AND quantity AND taken >= 0", "units"),
        CheckConstraint(
            "(status <> 'reserved' OR allocated = quantity) AND (status <> 'backordered' OR allocated < quantity)",
            "whole",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    sku: Mapped[str]
    place: Mapped[int] = mapped_column(BigInteger, Identity())
    quantity: Mapped[int]
    allocated: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    status: Mapped[ReservationStatus]
    requested_at: Mapped[datetime]
    status_since: Mapped[datetime]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def missing(self) -> int:
        """Units it still waits for."""
        return self.quantity - self.allocated

    def allocate(self, units: int, now: datetime) -> None:
        """Gives units to a waiting reservation, which is reserved once it has all of them."""
        self.allocated += units
        if not self.missing:
            self._become(ReservationStatus.RESERVED, now)

    def reduce(self, units: int, shipped: int, now: datetime) -> int:
        """Lowers it by canceled units; returns how many allocated units to give back. `shipped` counts the units of the
        item that have left. A reservation of which nothing is left is released."""
        if units >= self.quantity:
            return self.release(shipped, now)
        self.quantity -= units
        given_back = max(0, self.allocated - self.quantity)
        self.allocated -= given_back
        if self.status == ReservationStatus.BACKORDERED and not self.missing:
            self._become(ReservationStatus.RESERVED, now)
        if self.status == ReservationStatus.RESERVED and self.taken >= self.quantity:
            self._become(ReservationStatus.TAKEN, now)
        return given_back

    def release(self, shipped: int, now: datetime) -> int:
        """Gives back all units except those shipped, whether or not the relay has taken these off the shelf yet;
        returns how many."""
        self._become(ReservationStatus.RELEASED, now)
        given_back = max(0, self.allocated - max(shipped, self.taken))
        self.allocated -= given_back
        return given_back

    def take(self, units: int, now: datetime) -> bool:
        """Records units that left the building. True if they were the last of the reservation."""
        self.taken += units
        is_last = self.taken >= self.quantity and self.status != ReservationStatus.TAKEN
        if is_last:
            self._become(ReservationStatus.TAKEN, now)
        return is_last

    def _become(self, status: ReservationStatus, now: datetime) -> None:
        self.status, self.status_since = transition(self.status, status), now


class ReservationBin(Base):
    """The number of a reservation's units in a bin."""

    __tablename__ = "reservation_bins"
    __table_args__ = (CheckConstraint("quantity >= 0", "quantity"),)

    reservation_id: Mapped[UUID] = mapped_column(ForeignKey("reservations.id"), primary_key=True)
    bin_id: Mapped[UUID] = mapped_column(ForeignKey("stock_bins.id"), primary_key=True)
    quantity: Mapped[int]


class TakenStock(Base):
    """Units of a reservation that left with a shipment; the row keeps a repeated take from counting twice."""

    __tablename__ = "stock_taken"
    __table_args__ = (CheckConstraint("quantity >= 0", "quantity"),)

    reservation_id: Mapped[UUID] = mapped_column(ForeignKey("reservations.id"), primary_key=True)
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
