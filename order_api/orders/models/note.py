from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base, deferred_reference


class OrderNote(Base):
    """A remark by a person. Free text may hold personal data, so it stays out of history and logs."""

    __tablename__ = "order_notes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(deferred_reference("orders.id"), index=True)
    text: Mapped[str]
    author: Mapped[str]
    at: Mapped[datetime]
