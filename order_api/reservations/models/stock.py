from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base


class StockKeepingUnit(Base):
    """One row per sku; its lock covers all stock of the sku. `backorder_limit` is in units; null means no limit."""

    __tablename__ = "stock_keeping_units"

    sku: Mapped[str] = mapped_column(primary_key=True)
    backorder_limit: Mapped[int | None]

    def exceeds_backorder_limit(self, units: int) -> bool:
        return self.backorder_limit is not None and units > self.backorder_limit


class StockQuality(StrEnum):
    """Only `sellable` units are reserved for orders. `quarantine`: to be looked at again."""

    SELLABLE = "sellable"
    QUARANTINE = "quarantine"
    SCRAP = "scrap"


class Bin(Base):
    """A place in a location. `on_hand` units lie there, and `reserved` of them are set aside for orders."""

    __tablename__ = "stock_bins"
    __table_args__ = (
        UniqueConstraint("sku", "location", "name", "quality"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", "reserved"),
        CheckConstraint("quality = 'sellable' OR reserved = 0", "sellable"),
        check_one_of(StockQuality, "quality"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    sku: Mapped[str] = mapped_column(ForeignKey("stock_keeping_units.sku"))
    location: Mapped[str]
    name: Mapped[str]
    quality: Mapped[StockQuality] = mapped_column(default=StockQuality.SELLABLE)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class Receipt(Base):
    """Goods received, once per sender, reference, sku and bin. `reported_by` is the full name of the sender."""

    __tablename__ = "stock_receipts"
    __table_args__ = (CheckConstraint("quantity > 0", "quantity"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    location: Mapped[str] = mapped_column(primary_key=True)
    bin: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[int]
    # Programs of the previous release do not set the sender; a later release drops the default.
    reported_by: Mapped[str] = mapped_column(server_default="system", primary_key=True)
    at: Mapped[datetime]


class Restock(Base):
    """Units that came back and were judged, once per key."""

    __tablename__ = "stock_restocked"
    __table_args__ = (CheckConstraint("quantity > 0", "quantity"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    bin_id: Mapped[UUID] = mapped_column(ForeignKey("stock_bins.id"))
    quantity: Mapped[int]
    at: Mapped[datetime]
