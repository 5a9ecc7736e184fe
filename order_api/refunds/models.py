from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.checks import check_one_of
from order_api.core.database import Base, deferred_reference
from order_api.orders.fates import Cause, CauseKind
from order_api.outbox.subjects import Flow, Subject

REFUND = "refund"
"""The subject kind of a refund."""


class RefundState(StrEnum):
    """`requested` until the approval table has answered. `paying`: granted, so the bill has changed, but not all money
    has gone. `refused`: by the table or by a person."""

    REQUESTED = "requested"
    NEEDS_APPROVAL = "needs_approval"
    PAYING = "paying"
    PAID = "paid"
    REFUSED = "refused"
    CANCELED = "canceled"


WAITING = (RefundState.REQUESTED, RefundState.NEEDS_APPROVAL)
"""A refund in one of these states holds what it would take; the bill has not changed."""
GRANTED = (RefundState.PAYING, RefundState.PAID)


class Destination(StrEnum):
    """`original`: to the means of payment that paid. `outside`: by bank transfer or in cash, booked by a person."""

    ORIGINAL = "original"
    OUTSIDE = "outside"


class Approval(StrEnum):
    """The answers of the table `refund-approval`."""

    AT_ONCE = "at_once"
    SUPERVISOR = "supervisor"
    REFUSED = "refused"


class Refund(Base):
    """One act that gives something back. `amount` is what it takes off the bill, with taxes; `paid_back` what of it
    goes to the customer. `wanted` is what was asked for, by ids and in minor units."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint(
            "amount >= 0 AND ends_unpaid >= 0 AND ends_written_off >= 0 AND paid_back >= 0"
            " AND amount - ends_unpaid - ends_written_off <= paid_back",
            "amounts",
        ),
        check_one_of(RefundState, "state"),
        check_one_of(Destination, "destination"),
        Index("ix_refunds_requested", "requested_at", "id"),
        Index(
            "ix_refunds_open",
            "requested_at",
            "id",
            postgresql_where=text("state NOT IN ('paid', 'refused', 'canceled')"),
        ),
        Index("ix_refunds_requested_by", "requested_by", "requested_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[RefundState]
    destination: Mapped[Destination]
    wanted: Mapped[dict[str, Any]]
    reason: Mapped[str]
    """Code of the collection's list of reasons."""
    note: Mapped[str | None]
    requested_by: Mapped[str]
    requested_by_role: Mapped[str | None]
    requested_at: Mapped[datetime]
    amount: Mapped[int]
    ends_unpaid: Mapped[int]
    ends_written_off: Mapped[int]
    paid_back: Mapped[int]
    approval: Mapped[str | None]
    """The answer of the approval table that counts; None until it has answered."""
    approval_words: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    caused_by_id: Mapped[UUID | None] = mapped_column(deferred_reference("refunds.id"))
    parent_kind: Mapped[str | None]
    parent_number: Mapped[str | None]
    """The subject, such as a return, whose process waits until this refund is decided."""

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def subject(self) -> Subject:
        return Subject(REFUND, self.id, self.order_id, self.number)

    @property
    def flows(self) -> list[Flow]:
        """Those that wait for facts about its money: none once it is paid."""
        return [] if self.state == RefundState.PAID else [None]

    @property
    def cause(self) -> Cause:
        return Cause(CauseKind.REFUND, self.id)
