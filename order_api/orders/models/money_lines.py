"""Charges, discounts and taxes of an order, each a row that says what it belongs to."""

from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base, deferred_reference


class OrderCharge(Base):
    """An amount added to an item, a ship group or the whole order. `amount_after_discounts` is its tax base."""

    __tablename__ = "order_charges"
    __table_args__ = (
        CheckConstraint("amount_after_discounts BETWEEN 0 AND amount", "amounts"),
        CheckConstraint("num_nonnulls(item_id, ship_group_id) <= 1", "owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    ship_group_id: Mapped[UUID | None] = mapped_column(deferred_reference("ship_groups.id"))
    item_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_items.id"))
    position: Mapped[int]
    type: Mapped[str]
    name: Mapped[str | None]
    amount: Mapped[int]
    amount_after_discounts: Mapped[int]

    @property
    def owner_id(self) -> UUID | None:
        return self.item_id or self.ship_group_id


class OrderDiscount(Base):
    """A discount of an item, a charge or the whole order. A share of an order discount has a `share_of_id` (R3)."""

    __tablename__ = "order_discounts"
    __table_args__ = (
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("num_nonnulls(item_id, charge_id) <= 1", "owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_items.id"))
    charge_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_charges.id"))
    share_of_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_discounts.id"))
    position: Mapped[int]
    code: Mapped[str]
    amount: Mapped[int]

    @property
    def owner_id(self) -> UUID | None:
        return self.item_id or self.charge_id


class OrderTax(Base):
    """One rate on one line or charge, kept as it was sent."""

    __tablename__ = "order_taxes"
    __table_args__ = (
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("num_nonnulls(item_id, charge_id) = 1", "owner"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_items.id"))
    charge_id: Mapped[UUID | None] = mapped_column(deferred_reference("order_charges.id"))
    position: Mapped[int]
    name: Mapped[str]
    rate: Mapped[Decimal]
    amount: Mapped[int]

    @property
    def owner_id(self) -> UUID | None:
        return self.item_id or self.charge_id
