from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class Notification(Base):
    """One mail about one event. `about_id` is the id of that order, item, shipment, cancellation or refund."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("notice", "about_id", "recipient"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    notice: Mapped[str]
    about_id: Mapped[UUID]
    recipient: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    @property
    def message_id(self) -> str:
        """Fixed per event and recipient, so mail programs can recognize a mail sent twice (J7)."""
        return f"<{self.id}@order-service>"
