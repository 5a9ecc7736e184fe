"""Two lists of amounts: `adjustments` changes what is due, `kept_worth` holds what left with a parcel.

An amount is the gross (no `tax_id`) or one tax of the units `first_unit` to `first_unit + quantity - 1` of a line with
their part of the line's charges; or, with a `charge_id`, of a whole charge of a ship group or the order. Amounts are in
minor units; the net is the gross minus the taxes.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base, deferred_reference
from order_api.orders.fates import CauseKind

OF_UNITS = text("charge_id IS NULL AND tax_id IS NULL")
OF_WHOLE_CHARGE = text("item_id IS NULL AND tax_id IS NULL")
OF_CANCELED_UNITS = text(f"is_before_departure AND {OF_UNITS.text}")
OF_CANCELED_CHARGE = text(f"is_before_departure AND {OF_WHOLE_CHARGE.text}")
RANGE = "num_nonnulls(item_id, first_unit, quantity) IN (0, 3)"
UNITS = "first_unit > 0 AND quantity > 0"


class AdjustmentKind(StrEnum):
    UNITS_CANCELED = "units_canceled"
    UNITS_LOST = "units_lost"
    UNITS_RETURNED = "units_returned"
    PRICE_REDUCTION = "price_reduction"
    CHARGE_REMOVED = "charge_removed"
    TAX_REMOVED = "tax_removed"
    FEE = "fee"


class AmountOf:
    """What an amount is of: some units of a line, a whole charge, or a tax within one of them."""

    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_items.id"))
    charge_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_charges.id"))
    tax_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_taxes.id"))
    first_unit: Mapped[int | None]
    quantity: Mapped[int | None]
    amount: Mapped[int]


class Adjustment(AmountOf, Base):
    """One change of what is due: below zero, the customer owes less. Only a fee is above zero.

    The cause is the record that made the change, such as a cancellation. `is_before_departure` marks a change of units
    or charges that had not left; it lowers what is still to be captured. Any other change lowers what remains of worth
    that was kept, but for a fee, which is of a line and takes nothing of its worth.
    """

    __tablename__ = "adjustments"
    __table_args__ = (
        CheckConstraint(f"{RANGE} OR kind = 'fee'", "range"),
        CheckConstraint(UNITS, "units"),
        CheckConstraint("CASE WHEN kind = 'fee' THEN amount >= 0 ELSE amount <= 0 END", "amount"),
        CheckConstraint("(kind = 'fee') = (fee_type IS NOT NULL)", "fee_type"),
        check_one_of(AdjustmentKind, "kind"),
        check_one_of(CauseKind, "cause_kind"),
        # A unit and a whole charge that had not departed are taken off the bill once; of others, a part may be taken.
        Index("uq_adjustments_units", "item_id", "first_unit", unique=True, postgresql_where=OF_CANCELED_UNITS),
        Index("uq_adjustments_charge", "charge_id", unique=True, postgresql_where=OF_CANCELED_CHARGE),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[AdjustmentKind]
    cause_kind: Mapped[CauseKind]
    cause_id: Mapped[UUID]
    fee_type: Mapped[str | None]
    """What a fee is for, in the word of the table of fees."""
    own_tax: Mapped[int | None]
    """Within a fee for a taxed service, the tax of that service."""
    is_before_departure: Mapped[bool]
    at: Mapped[datetime]


class KeptWorth(AmountOf, Base):
    """One amount that left with a shipment: stored in the transaction that ships, never recomputed.

    The gross amounts of a shipment sum to what is captured for it. `remaining` is what adjustments have not taken.
    """

    __tablename__ = "kept_worth"
    __table_args__ = (
        CheckConstraint("num_nonnulls(item_id, charge_id) > 0", "source"),
        CheckConstraint(RANGE, "range"),
        CheckConstraint(UNITS, "units"),
        CheckConstraint("amount >= 0 AND remaining BETWEEN 0 AND amount", "amounts"),
        # Units are paid once, even if they are shipped again; so is a charge that leaves whole.
        Index("uq_kept_worth_units", "item_id", "first_unit", unique=True, postgresql_where=OF_UNITS),
        Index("uq_kept_worth_charge", "charge_id", unique=True, postgresql_where=OF_WHOLE_CHARGE),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    shipment_id: Mapped[UUID] = mapped_column(deferred_reference("shipments.id"))
    remaining: Mapped[int]


class Remedy(Base):
    """Units for which the customer has got a remedy, such as a refund: no unit gets two (A3).

    The order's lock guards it. A remedy that is refused, canceled or expired is released.
    """

    __tablename__ = "remedies"
    __table_args__ = (CheckConstraint(UNITS, "units"), check_one_of(CauseKind, "cause_kind"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    first_unit: Mapped[int]
    quantity: Mapped[int]
    cause_kind: Mapped[CauseKind]
    cause_id: Mapped[UUID]
    taken_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
