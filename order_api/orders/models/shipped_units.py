from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base, sibling


class ShippedUnits(Base):
    """Units `first_unit` to `first_unit + quantity - 1` of an item; shipments of an order are numbered from 1."""

    __tablename__ = "shipped_units"
    __table_args__ = (
        Index("uq_shipped_units_item_id_first_unit", "item_id", "first_unit", unique=True),
        CheckConstraint("first_unit > 0 AND quantity > 0", "units"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    shipment_id: Mapped[UUID] = mapped_column(sibling("shipments.id"), index=True)
    shipment_number: Mapped[int]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    first_unit: Mapped[int]
    quantity: Mapped[int]
