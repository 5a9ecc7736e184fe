from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.core.errors import BusinessRuleViolated
from order_api.orders.errors import CalledOff, CancelRequested, OrderAlreadyShipped, OrderClosed, UndoRunning
from order_api.orders.models.item import OrderItem
from order_api.orders.models.money_lines import OrderCharge, OrderDiscount, OrderTax
from order_api.orders.models.tender import Tender
from order_api.orders.status import INITIAL_STATUS
from order_api.stores.models import OrderCollection
from order_api.words import CLOSED, Category


class UndoReason(StrEnum):
    """Why an order is undone."""

    CANCEL_REQUESTED = "cancel_requested"
    PAYMENT_GIVEN_UP = "payment_given_up"
    GIVEN_UP_BY_FLOW = "given_up_by_flow"


BECAUSE = {
    UndoReason.CANCEL_REQUESTED: "its cancellation was requested",
    UndoReason.PAYMENT_GIVEN_UP: "its payment was given up",
    UndoReason.GIVEN_UP_BY_FLOW: "its process gave it up",
}


COMPARED = text("normalize(external_id)")


class ShipGroup(Base):
    """Lines of the placed order with one destination, fulfillment type and method. `key` is the channel's id."""

    __tablename__ = "ship_groups"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    key: Mapped[str]
    fulfillment_type: Mapped[str]
    method: Mapped[str | None]
    store: Mapped[str | None]
    address: Mapped[dict[str, Any] | None]


class Order(Base):
    """The order as placed, and the facts behind other slices' decisions. Amounts are in minor units of `currency`."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(
            "grand_total >= 0 AND grand_total = items_total - discounts_total + charges_total"
            " + CASE WHEN tax_included THEN 0 ELSE taxes_total END",
            "sum",
        ),
        check_one_of(Category, "status_category"),
        CheckConstraint("(undo_began_at IS NULL) = (undo_reason IS NULL)", "undo_reason"),
        CheckConstraint("undo_ended_at IS NULL OR undo_began_at IS NOT NULL", "undo"),
        Index("ix_orders_placed", "collection_id", "placed_at", "id"),
        Index("ix_orders_status", "collection_id", "status", "placed_at", "id"),
        Index("ix_orders_total", "collection_id", "currency", "grand_total", "id"),
        # For staff who see every collection:
        Index("ix_orders_placed_anywhere", "placed_at", "id"),
        Index("ix_orders_status_anywhere", "status", "placed_at", "id"),
        Index("ix_orders_total_anywhere", "currency", "grand_total", "id"),
        Index("uq_orders_external_id", "collection_id", "channel", COMPARED, unique=True),
        Index("ix_orders_external_id", COMPARED),
        Index("ix_orders_customer", "customer_id"),
        Index("ix_orders_customer_email", text("lower(customer_email)")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(unique=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey(OrderCollection.id))
    collection_key: Mapped[str]
    channel: Mapped[str]
    store: Mapped[str | None]
    external_id: Mapped[str]
    currency: Mapped[str]
    tax_included: Mapped[bool]
    customer_type: Mapped[str]
    customer_id: Mapped[str | None]
    customer_name: Mapped[str | None]
    customer_email: Mapped[str | None]
    customer_phone: Mapped[str | None]
    customer_groups: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    billing_address: Mapped[dict[str, Any] | None]
    custom_fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    items_total: Mapped[int]
    discounts_total: Mapped[int]
    charges_total: Mapped[int]
    taxes_total: Mapped[int]
    grand_total: Mapped[int]

    status: Mapped[str] = mapped_column(default=INITIAL_STATUS)
    status_category: Mapped[str] = mapped_column(default=Category.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    history_length: Mapped[int] = mapped_column(default=0)
    milestone: Mapped[str | None]
    """The last status that followed from the units; see `orders/roll_up.py`."""
    placed_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    overdue_at: Mapped[datetime | None]
    """When the earliest of its overdue waits became overdue, apart from waits of its returns; lists show it."""
    cancel_requested_at: Mapped[datetime | None]
    cancel_requested_by: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    undo_began_at: Mapped[datetime | None]
    undo_reason: Mapped[str | None]
    undo_ended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When its money was settled and nothing was left to do."""
    waits_for_parcels: Mapped[bool] = mapped_column(default=False)
    """Whether the order's process has to wait until parcels are paid before it closes the order."""

    ship_groups: Mapped[list[ShipGroup]] = relationship(lazy="raise", order_by=ShipGroup.position)
    items: Mapped[list[OrderItem]] = relationship(lazy="raise", order_by=OrderItem.position)
    charges: Mapped[list[OrderCharge]] = relationship(lazy="raise", order_by=OrderCharge.position)
    discounts: Mapped[list[OrderDiscount]] = relationship(lazy="raise", order_by=OrderDiscount.position)
    taxes: Mapped[list[OrderTax]] = relationship(lazy="raise", order_by=OrderTax.position)
    tenders: Mapped[list[Tender]] = relationship(lazy="raise", order_by=Tender.position)

    @property
    def is_closed(self) -> bool:
        return self.status_category in CLOSED

    @property
    def has_shipped(self) -> bool:
        return any(item.shipped_quantity for item in self.items)

    @property
    def is_called_off(self) -> bool:
        """A cancellation was asked for, or the undo has begun."""
        return self.cancel_requested_at is not None or self.undo_began_at is not None

    def why_not_act(self) -> BusinessRuleViolated | None:
        """The reason why the flow must not go on with the order; None if it may."""
        if self.is_closed or self.undo_ended_at is not None:
            return OrderClosed(f"{self.number} is {self.status} and can no longer change.")
        return self.why_called_off()

    def why_called_off(self) -> CalledOff | None:
        """The reason why the order is called off, even after its undo has ended; None if it is not called off."""
        if self.undo_reason is not None:
            return UndoRunning(f"{self.number} is being undone, because {BECAUSE[UndoReason(self.undo_reason)]}.")
        if self.cancel_requested_at is not None:
            return CancelRequested(f"{self.number} is being canceled.")
        return None

    def why_not_cancel(self) -> BusinessRuleViolated | None:
        """The reason why the whole order cannot or need not be canceled; None if it can be canceled."""
        if self.has_shipped and not self.is_called_off:
            return OrderAlreadyShipped(f"{self.number}: units have shipped, so the whole order cannot be canceled.")
        return self.why_not_act()

    def request_cancel(self, by: str, reason: str, now: datetime) -> None:
        """Records the request. Raises the refusal that `why_not_cancel` returns, except UndoRunning: during an undo the
        request is recorded but changes nothing."""
        refusal = self.why_not_cancel()
        if refusal is not None and not isinstance(refusal, UndoRunning):
            raise refusal
        self.cancel_requested_at, self.cancel_requested_by, self.cancel_reason = now, by, reason

    def begin_undo(self, reason: UndoReason, now: datetime) -> None:
        self.undo_began_at, self.undo_reason = now, reason
