from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class Kind(StrEnum):
    START = "start"
    MESSAGE = "message"
    MAIL = "mail"
    STOCK = "stock"
    PAYMENT = "payment"


class State(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DROPPED = "dropped"


class OutboxRow(Base):
    """`name` is the process key, message or notice; `claimed_until` is the lease of the relay that is sending it;
    `request_id` is of the API request that wrote it, and empty where a task did."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_outbox_order", "order_id", "item_id", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    order_id: Mapped[UUID]
    item_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default=State.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    request_id: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


OUTBOX = cast(Table, OutboxRow.__table__)
"""For statements that load no rows: a busy relay sends dozens a second, and without the ORM they cost half."""
