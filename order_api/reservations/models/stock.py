from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class StockKeepingUnit(Base):
    """One row per sku: the lock of everything that happens to its stock. `backorder_limit` in units, null: no limit."""

    __tablename__ = "stock_keeping_units"

    sku: Mapped[str] = mapped_column(primary_key=True)
    backorder_limit: Mapped[int | None]


class Bin(Base):
    """A place in a location. `on_hand` is what lies there, `held` is how much of it is promised."""

    __tablename__ = "stock_bins"
    __table_args__ = (
        UniqueConstraint("sku", "location", "name"),
        CheckConstraint("held >= 0 AND held <= on_hand", "held"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sku: Mapped[str] = mapped_column(ForeignKey("stock_keeping_units.sku"))
    location: Mapped[str]
    name: Mapped[str]
    on_hand: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)


class Hold(Base):
    """Stock promised to a key, in line by `place` until `allocated` is all of `quantity`."""

    __tablename__ = "stock_holds"
    __table_args__ = (
        Index(
            "ix_stock_holds_waiting",
            "sku",
            "place",
            postgresql_where=text("released_at IS NULL AND allocated < quantity"),
        ),
        # What is taken has no upper bound here: goods may leave although their hold was released, or never granted.
        CheckConstraint("allocated BETWEEN 0 AND quantity AND taken >= 0", "units"),
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    sku: Mapped[str]
    place: Mapped[int] = mapped_column(BigInteger, Identity())
    quantity: Mapped[int]
    allocated: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    released_at: Mapped[datetime | None]


class HoldBin(Base):
    """Which bin a hold's units lie in."""

    __tablename__ = "stock_hold_bins"
    __table_args__ = (CheckConstraint("quantity >= 0", "quantity"),)

    hold_key: Mapped[UUID] = mapped_column(ForeignKey("stock_holds.key"), primary_key=True)
    bin_id: Mapped[UUID] = mapped_column(ForeignKey("stock_bins.id"), primary_key=True)
    quantity: Mapped[int]


class Taken(Base):
    """Units of a hold that left with a shipment."""

    __tablename__ = "stock_taken"
    __table_args__ = (CheckConstraint("quantity >= 0", "quantity"),)

    hold_key: Mapped[UUID] = mapped_column(primary_key=True)
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]


class Receipt(Base):
    __tablename__ = "stock_receipts"
    __table_args__ = (CheckConstraint("quantity > 0", "quantity"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    bin: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    # Programs of the release before, which run on until they are restarted, do not tell; a later one drops the default.
    told_by: Mapped[str] = mapped_column(server_default="system")
    at: Mapped[datetime]
