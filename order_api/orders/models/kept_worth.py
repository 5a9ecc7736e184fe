from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base, deferred_reference


class KeptWorth(Base):
    """One amount, in minor units, that left with a shipment: stored in the transaction that ships, never recomputed.

    A row with a `tax_id` is one tax; a row without is the net amount. A row with units (`first_unit` to
    `first_unit + quantity - 1` of a line) is about these units or, with a `charge_id`, about their part of a charge of
    the line. A row without units is about a whole charge of a ship group or the order. The amounts of a shipment sum
    to what is captured for it, whether or not prices include the taxes.
    """

    __tablename__ = "kept_worth"
    __table_args__ = (
        CheckConstraint("num_nonnulls(item_id, charge_id) > 0", "source"),
        CheckConstraint("num_nonnulls(item_id, first_unit, quantity) IN (0, 3)", "range"),
        CheckConstraint("first_unit > 0 AND quantity > 0", "units"),
        # With included taxes, the net is the amount minus the taxes; rounding may put one unit a cent below zero.
        CheckConstraint("tax_id IS NULL OR amount >= 0", "tax"),
        # Units are paid once, even if they are shipped again; so is a charge that leaves whole.
        Index(
            "uq_kept_worth_units",
            "item_id",
            "first_unit",
            unique=True,
            postgresql_where=text("charge_id IS NULL AND tax_id IS NULL"),
        ),
        Index(
            "uq_kept_worth_charge",
            "charge_id",
            unique=True,
            postgresql_where=text("item_id IS NULL AND tax_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    shipment_id: Mapped[UUID] = mapped_column(deferred_reference("shipments.id"))
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    charge_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_charges.id"))
    tax_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_taxes.id"))
    first_unit: Mapped[int | None]
    quantity: Mapped[int | None]
    amount: Mapped[int]
