from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_api.core.checks import check_one_of
from order_api.core.database import Base, deferred_reference
from order_api.core.outside import CallStatus, OutsideCallRow
from order_api.orders.models.tender import Tender


class TransactionKind(StrEnum):
    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    EXPIRED = "expired"
    REFUND = "refund"
    REFUND_REVERSED = "refund_reversed"
    TRANSFER_OUTSIDE = "transfer_outside"
    WRITE_OFF = "write_off"
    WRITE_OFF_REVERSED = "write_off_reversed"


BOOKED_BY_US = (
    TransactionKind.EXPIRED,
    TransactionKind.WRITE_OFF,
    TransactionKind.WRITE_OFF_REVERSED,
    TransactionKind.TRANSFER_OUTSIDE,
    TransactionKind.REFUND_REVERSED,
)
"""The kinds that no gateway is asked about."""
GIVES_BACK = (TransactionKind.REFUND, TransactionKind.TRANSFER_OUTSIDE)
"""The kinds that give captured money back: through the gateway, or outside of it, such as by bank transfer."""
INCOMING = (TransactionKind.AUTHORIZE, TransactionKind.CAPTURE)
"""The kinds that hold or take the customer's money."""
USES_UP = (TransactionKind.CAPTURE, TransactionKind.WRITE_OFF)
"""The kinds after which a tender pays less of what comes later."""
DRAWS = (TransactionKind.CAPTURE, TransactionKind.VOID, TransactionKind.EXPIRED)
"""The kinds that use up what an authorization holds."""


class PaymentTransaction(OutsideCallRow, Base):
    """One request to the gateway, or an amount that only we book. Its id is the idempotency key, `reference` the
    gateway's own id, or that of the transfer outside. Its parent is the authorization of a capture or void or that
    expired, the capture that a refund or a transfer gives back, or the write-off or refund that it reverses.

    A declined row is closed: a retry is a new row. `task_id` distinguishes a repeated task from a new try.
    `trace_number` is what the customer's bank finds a refund by, `expected_by` the day on which it should have arrived.
    """

    __tablename__ = "payment_transactions"
    __table_args__ = (
        Index("ix_payment_transactions_order", "order_id"),
        Index("ix_payment_transactions_requested", "requested_at", postgresql_where=text("status = 'requested'")),
        # Only open requests are unique: an authorization assumed lost may turn out to be done when a newer one exists.
        Index(
            "uq_payment_transactions_open_authorization",
            "tender_id",
            unique=True,
            postgresql_where=text("kind = 'authorize' AND status = 'requested'"),
        ),
        Index(
            "uq_payment_transactions_open_capture",
            "shipment_id",
            unique=True,
            postgresql_where=text("kind = 'capture' AND status = 'requested'"),
        ),
        Index("ix_payment_transactions_refund", "refund_id", postgresql_where=text("refund_id IS NOT NULL")),
        CheckConstraint("amount >= 0", "amount"),
        CheckConstraint("kind IN ('authorize', 'write_off') OR parent_id IS NOT NULL AND parent_id <> id", "parent"),
        CheckConstraint(
            "(refund_id IS NULL) = (kind NOT IN ('refund', 'refund_reversed', 'transfer_outside'))", "refund"
        ),
        check_one_of(TransactionKind, "kind"),
        check_one_of(CallStatus, "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tenders.id"))
    kind: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_transactions.id"))
    refund_id: Mapped[UUID | None] = mapped_column(deferred_reference("refunds.id"))
    shipment_id: Mapped[UUID | None]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[CallStatus]
    reference: Mapped[str | None]
    decline_code: Mapped[str | None]
    trace_number: Mapped[str | None]
    expected_by: Mapped[date | None]
    task_id: Mapped[str | None]

    tender: Mapped[Tender] = relationship(lazy="raise_on_sql")
    parent: Mapped["PaymentTransaction | None"] = relationship(remote_side="PaymentTransaction.id", lazy="raise_on_sql")

    @property
    def parent_reference(self) -> str:
        """The gateway's id of the request that this one draws on."""
        return (self.parent and self.parent.reference) or ""
