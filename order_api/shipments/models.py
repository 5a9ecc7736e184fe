from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.core.outside import OutsideCallRow


class RequestStatus(StrEnum):
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    CANCELED = "canceled"
    TOO_LATE = "too_late"


OPEN = frozenset({RequestStatus.REQUESTED, RequestStatus.ACCEPTED})


MAIN_LOCATION = "main"
"""The location of all goods until stock supports several locations."""


class FulfillmentRequestRow(OutsideCallRow, Base):
    """One request to a fulfillment vendor for the open units of an item; its id is the key sent to the vendor.

    `location` names the vendor. `task_id` distinguishes a repeated task from a new try after "unable to ship".
    """

    __tablename__ = "fulfillment_requests"
    __table_args__ = (
        Index(
            "uq_fulfillment_requests_open_item",
            "item_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'accepted')"),
        ),
        CheckConstraint("quantity > 0", "quantity"),
        check_one_of(RequestStatus, "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    location: Mapped[str] = mapped_column(default=MAIN_LOCATION)
    quantity: Mapped[int]
    status: Mapped[RequestStatus]
    task_id: Mapped[str | None]


class Shipment(Base):
    """Goods that left together: one capture, one notice, one tracking number. `unit_ranges` holds its units."""

    __tablename__ = "shipments"
    __table_args__ = (UniqueConstraint("order_id", "tracking_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    """As it was sent; `tracking_key` is what it is compared by."""
    tracking_key: Mapped[str]
    shipped_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When all of its worth was captured."""
