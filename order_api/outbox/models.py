from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class RowKind(StrEnum):
    """What a row asks for. `workers/rows/` has a sender for each."""

    START = "start"
    MESSAGE = "message"
    MAIL = "mail"
    TAKE_STOCK = "take-stock"
    SERVE_BACKORDERS = "serve-backorders"
    VOID_PAYMENT = "void-payment"
    RECALL_UNITS = "recall-units"
    NOTIFY_CANCELED = "notify-canceled"
    HANDLE_PAYMENT_EVENT = "handle-payment-event"


class RowState(StrEnum):
    """`given_up` is a row that its lane tried for too long or that needs an operator, who may have it sent again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    GIVEN_UP = "given_up"


UNSENT = (RowState.PENDING, RowState.GIVEN_UP)


class OutboxRow(Base):
    """One message or piece of work for one receiver.

    `business_key` is the public number of the subject that the row is about, and the business key of its processes.
    `process` is the key of the process to start, or of the process that waits for the message, also if the flow of an
    item or parcel waits for it; other kinds have none.
    `name` is the process key, message or notice; other kinds repeat the kind.
    `claimed_until` is the lease of the relay that is sending the row. `request_id` is the id of the API request that
    wrote the row, and empty if a task wrote the row.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_pending", "lane", "due_at", "id", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_outbox_business_key",
            "business_key",
            "item_id",
            postgresql_where=text("state IN ('pending', 'given_up')"),
        ),
        Index("ix_outbox_given_up", "id", postgresql_where=text("state = 'given_up'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    lane: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    business_key: Mapped[str]
    process: Mapped[str | None]
    item_id: Mapped[UUID | None]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default=RowState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    request_id: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


OUTBOX = cast(Table, OutboxRow.__table__)
"""For statements without the ORM, which would double their cost: a busy relay runs dozens of them a second."""
