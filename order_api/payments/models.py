from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.core.outside import CallStatus, OutsideCallRow
from order_api.orders.models.tender import Tender


class TransactionKind(StrEnum):
    AUTHORIZE = "authorize"
    CAPTURE = "capture"
    VOID = "void"
    WRITE_OFF = "write_off"


BOOKED_BY_US = (TransactionKind.WRITE_OFF,)
"""The kinds that no gateway is asked about."""
INCOMING = (TransactionKind.AUTHORIZE, TransactionKind.CAPTURE)
"""The kinds that hold or take the customer's money."""
USES_UP = (TransactionKind.CAPTURE, TransactionKind.WRITE_OFF)
"""The kinds after which a tender pays less of what comes later."""
DRAWS = (TransactionKind.CAPTURE, TransactionKind.VOID)
"""The kinds that use up what an authorization holds."""


class PaymentTransaction(OutsideCallRow, Base):
    """One request to the gateway, or an amount that only we book. Its id is the idempotency key, `reference` the
    gateway's own id.

    A declined row is closed: a retry is a new row. `task_id` distinguishes a repeated task from a new try.
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
        CheckConstraint("amount >= 0", "amount"),
        check_one_of(TransactionKind, "kind"),
        check_one_of(CallStatus, "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    tender_id: Mapped[UUID] = mapped_column(ForeignKey("tenders.id"))
    kind: Mapped[str]
    authorization_id: Mapped[UUID | None] = mapped_column(ForeignKey("payment_transactions.id"))
    shipment_id: Mapped[UUID | None]
    amount: Mapped[int]
    currency: Mapped[str]
    status: Mapped[CallStatus]
    reference: Mapped[str | None]
    decline_code: Mapped[str | None]
    task_id: Mapped[str | None]

    tender: Mapped[Tender] = relationship(lazy="raise_on_sql")
    authorization: Mapped["PaymentTransaction | None"] = relationship(
        remote_side="PaymentTransaction.id", lazy="raise_on_sql"
    )

    @property
    def authorization_reference(self) -> str:
        """The gateway's id of the authorization that this request draws on."""
        return (self.authorization and self.authorization.reference) or ""
