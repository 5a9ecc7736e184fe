from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base, deferred_reference
from order_api.orders.fates import CauseKind, Fate

SHIPMENT_ID = "CASE WHEN cause_kind::text = 'shipment'::text THEN cause_id ELSE NULL::uuid END"
"""In PostgreSQL's own spelling, so that Alembic sees no difference between model and database."""


class UnitRange(Base):
    """An entry of the ledger: the units `first_unit` to `first_unit + quantity - 1` of an item got this fate.

    Entries are only added. Of the entries that contain a unit, the one with the highest sequence gives its present
    fate. Sequences follow the order of the acts, because each act locks the order row first. `shipment_id` repeats
    `cause_id` if the cause is a shipment, so a foreign key can check it.
    """

    __tablename__ = "unit_ranges"
    __table_args__ = (
        CheckConstraint("first_unit > 0 AND quantity > 0", "units"),
        check_one_of(Fate, "fate"),
        check_one_of(CauseKind, "cause_kind"),
    )

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"), index=True)
    first_unit: Mapped[int]
    quantity: Mapped[int]
    fate: Mapped[Fate]
    cause_kind: Mapped[CauseKind]
    cause_id: Mapped[UUID]
    shipment_id: Mapped[UUID | None] = mapped_column(
        deferred_reference("shipments.id"), Computed(SHIPMENT_ID, persisted=True)
    )
    at: Mapped[datetime]
