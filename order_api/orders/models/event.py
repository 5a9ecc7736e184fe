from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base, deferred_reference
from order_api.words.events import Event


class OrderEvent(Base):
    """`before` and `after` are the statuses before and after the event, if the event sets a status."""

    __tablename__ = "order_history"
    __table_args__ = (UniqueConstraint("order_id", "sequence"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(deferred_reference("orders.id"))
    sequence: Mapped[int]
    at: Mapped[datetime]
    event: Mapped[Event]
    actor_kind: Mapped[str]
    actor_id: Mapped[str]
    item_id: Mapped[UUID | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
