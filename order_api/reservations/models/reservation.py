from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import one_of
from order_api.core.database import Base
from order_api.reservations.status import OPEN, ReservationStatus


class Reservation(Base):
    """One hold asked of the inventory; its id is the key the inventory gets. A refused or released one is closed."""

    __tablename__ = "reservations"
    __table_args__ = (
        Index(
            "uq_reservations_open_item",
            "item_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'held', 'backordered')"),
        ),
        CheckConstraint("quantity > 0", "quantity"),
        one_of(ReservationStatus, "status"),
    )
    is_new = False

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    sku: Mapped[str]
    quantity: Mapped[int]
    status: Mapped[ReservationStatus]
    requested_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN
