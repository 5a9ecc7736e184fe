from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base


class Cancellation(Base):
    """One act that cancels units. The ledger of units and the bill name it as their cause."""

    __tablename__ = "cancellations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    reason: Mapped[str | None]
    """Why, in the words of the person or channel that asked; None if the flow canceled what could not ship."""
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]


class RecallStatus(StrEnum):
    """`asked`: the warehouse has not answered. `canceled`: it gave the units back. `too_late`: they had left."""

    ASKED = "asked"
    CANCELED = "canceled"
    TOO_LATE = "too_late"


class RecalledUnits(Base):
    """Units at a warehouse that a cancellation asked back: `first_unit` to `first_unit + quantity - 1` of a line.

    The numbers do not say where goods are: what left before the answer took the lowest open units.
    """

    __tablename__ = "recalled_units"
    __table_args__ = (
        CheckConstraint("first_unit > 0 AND quantity > 0", "units"),
        check_one_of(RecallStatus, "status"),
        Index("ix_recalled_units_asked", "item_id", postgresql_where=text("status = 'asked'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    cancellation_id: Mapped[UUID] = mapped_column(ForeignKey("cancellations.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    first_unit: Mapped[int]
    quantity: Mapped[int]
    status: Mapped[RecallStatus]
    settled_at: Mapped[datetime | None]
    canceled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("cancellations.id"))
    """The act that canceled what came back; None if nothing did, or if the undo of the whole order took it."""
