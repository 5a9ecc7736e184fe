from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base


class EventOutcome(StrEnum):
    """`carried_out`: it changed the order. `no_news`: we knew it, or something later. `unattributed`: it is about no
    request of ours."""

    CARRIED_OUT = "carried_out"
    NO_NEWS = "no_news"
    UNATTRIBUTED = "unattributed"


class PaymentEvent(Base):
    """One message as it came. `adapter` is the tender type, `event_id` the gateway's own id of the message;
    `happened_at` is by the gateway's clock."""

    __tablename__ = "payment_events"
    __table_args__ = (
        UniqueConstraint("adapter", "event_id"),
        Index("ix_payment_events_open", "received_at", postgresql_where=text("handled_at IS NULL")),
        check_one_of(EventOutcome, "outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    adapter: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    key: Mapped[UUID | None]
    reference: Mapped[str | None]
    decline_code: Mapped[str | None]
    trace_number: Mapped[str | None]
    expected_by: Mapped[date | None]
    happened_at: Mapped[datetime | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
