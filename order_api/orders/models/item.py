from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base, deferred_reference
from order_api.core.keys import compared
from order_api.orders.status import INITIAL_STATUS
from order_api.words import Category


class OrderItem(Base):
    """One line as it was placed, and how many of its units went where. `line_id` is the channel's name for the line.

    Units have the numbers 1 to `quantity`, which never changes. The four counts are sums of the ledger of units and
    change only with it. `shipped_quantity` counts every unit that has departed, even if it was lost or returned later;
    `on_their_way_quantity` counts the departed units that have not yet arrived, been lost or been returned.
    Since `awaits_payment_since` the item is not released, because its authorization expired and a new one was declined.
    """

    __tablename__ = "order_items"
    __table_args__ = (
        Index("uq_order_items_order_id_line_id", "order_id", "line_id", unique=True),
        CheckConstraint("shipped_quantity + canceled_quantity <= quantity", "units"),
        CheckConstraint(
            "quantity > 0 AND canceled_quantity >= 0 AND delivered_quantity >= 0 AND on_their_way_quantity >= 0"
            " AND delivered_quantity + on_their_way_quantity <= shipped_quantity",
            "quantities",
        ),
        CheckConstraint("amount_after_discounts BETWEEN 0 AND line_amount", "amounts"),
        check_one_of(Category, "status_category"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    ship_group_id: Mapped[UUID] = mapped_column(deferred_reference("ship_groups.id"))
    position: Mapped[int]
    line_id: Mapped[str]
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    list_price: Mapped[Decimal]
    line_amount: Mapped[int]
    amount_after_discounts: Mapped[int]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)

    status: Mapped[str] = mapped_column(default=INITIAL_STATUS)
    status_category: Mapped[str] = mapped_column(default=Category.OPEN)
    shipped_quantity: Mapped[int] = mapped_column(default=0)
    on_their_way_quantity: Mapped[int] = mapped_column(default=0)
    delivered_quantity: Mapped[int] = mapped_column(default=0)
    canceled_quantity: Mapped[int] = mapped_column(default=0)
    unable_to_ship_reason: Mapped[str | None]
    awaits_payment_since: Mapped[datetime | None]

    @property
    def stock_key(self) -> str:
        """What stock and tables know the sku by."""
        return compared(self.sku)

    @property
    def open_quantity(self) -> int:
        return self.quantity - self.shipped_quantity - self.canceled_quantity

    @property
    def has_arrived(self) -> bool:
        """Units departed, and none of them is on its way."""
        return self.shipped_quantity > 0 and not self.on_their_way_quantity
