from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core import clock
from order_api.core.database import Base


class WarehouseJob(Base):
    """One request. Each of `items` has `item_id`, `sku` and `quantity`; there are none if the recall arrived first.

    `shipped_at` is when the goods left, `reported_shipped_at` when the order service got the report. Jobs that left
    together share a `parcel`.
    """

    __tablename__ = "warehouse_jobs"
    __table_args__ = (
        Index("ix_warehouse_jobs_due", "ship_at", postgresql_where=text("shipped_at IS NULL AND canceled_at IS NULL")),
        Index("ix_warehouse_jobs_parcel", "parcel"),
        Index(
            "ix_warehouse_jobs_unreported",
            "shipped_at",
            postgresql_where=text(
                "shipped_at IS NOT NULL AND (reported_shipped_at IS NULL OR reported_delivered_at IS NULL)"
            ),
        ),
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID | None] = mapped_column(index=True)
    items: Mapped[list[Any]] = mapped_column(default=list)
    ship_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    parcel: Mapped[str | None]
    deliver_at: Mapped[datetime | None]
    reported_shipped_at: Mapped[datetime | None]
    reported_delivered_at: Mapped[datetime | None]

    @property
    def is_due_for_delivery(self) -> bool:
        return self.deliver_at is not None and self.deliver_at <= clock.now()
