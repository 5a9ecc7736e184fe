from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from order_api.core.checks import check_one_of
from order_api.core.database import Base
from order_api.orders.fates import Cause, CauseKind
from order_api.outbox.subjects import Subject
from order_api.proof.remaining import Range
from order_api.returns.words import ComesBy, ReturnState, Verdict

RETURN = "return"
"""The subject kind of a return."""
COMPARED = text("normalize(reference)")


class Return(Base):
    """Goods that a customer sends back, or that came back by themselves. `location` is where they are expected: `main`
    or the key of a store."""

    __tablename__ = "returns"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        check_one_of(ReturnState, "state"),
        check_one_of(ComesBy, "comes_by"),
        Index("ix_returns_announced", "announced_at", "id"),
        Index("ix_returns_refund_due", "refund_due_by", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[ReturnState]
    comes_by: Mapped[ComesBy]
    location: Mapped[str]
    comment: Mapped[str | None]
    """The customer's own words."""
    announced_by: Mapped[str]
    announced_by_role: Mapped[str]
    """As the tables are asked: `channel`, `system` or the role of a colleague."""
    announced_at: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    """When a carrier's first scan was reported."""
    last_day: Mapped[date | None]
    """The last day on which the goods may arrive, by the collection's calendar; None until the policy has answered."""
    refund_due_by: Mapped[datetime | None]
    """When the money of the goods that have come must have gone back; None while none is owed."""
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    lines: Mapped[list["ReturnLine"]] = relationship(order_by="ReturnLine.position", lazy="selectin")

    @property
    def subject(self) -> Subject:
        return Subject(RETURN, self.id, self.order_id, self.number)

    @property
    def cause(self) -> Cause:
        return Cause(CauseKind.RETURN, self.id)


class ReturnLine(Base):
    """Units of one line of the order that come back for one reason, and what the tables said about them.

    `policy` and `fees` are the stored answers of the tables, by which the return is carried out; None until they have
    answered. A line that was not announced joined the return when its goods arrived.
    """

    __tablename__ = "return_lines"
    __table_args__ = (UniqueConstraint("return_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id"))
    position: Mapped[int]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("order_items.id"))
    reason: Mapped[str]
    """Code of the collection's list of reasons."""
    is_announced: Mapped[bool]
    is_allowed: Mapped[bool | None]
    """Whether its units may come back and are paid for; None until the tables, or a person where they say so, have
    decided."""
    policy: Mapped[dict[str, Any] | None]
    fees: Mapped[list[Any] | None]
    override: Mapped[dict[str, Any] | None]
    """What a person decided about it otherwise than the tables, before they were asked."""

    @property
    def is_undecided(self) -> bool:
        """Whether units of it are still in the return about which nothing is decided."""
        return self.is_allowed is None and any(row.released_at is None for row in self.units)

    units: Mapped[list["ReturnUnits"]] = relationship(
        order_by="ReturnUnits.first_unit", lazy="selectin", back_populates="line"
    )


class ReturnUnits(Base):
    """Units `first_unit` to `first_unit + quantity - 1` of a line on their way back: which receipt brought them, what
    their verdict is, which refund pays for them. `released_at`: they carry the return's remedy no more.

    A row is split when only some of its units go on.
    """

    __tablename__ = "return_units"
    __table_args__ = (
        CheckConstraint("first_unit > 0 AND quantity > 0", "units"),
        CheckConstraint("(receipt_id IS NULL) = (verdict IS NULL)", "received"),
        check_one_of(Verdict, "verdict"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("return_lines.id"), index=True)
    first_unit: Mapped[int]
    quantity: Mapped[int]
    receipt_id: Mapped[UUID | None] = mapped_column(ForeignKey("return_receipts.id"))
    verdict: Mapped[Verdict | None]
    verdict_by: Mapped[str | None]
    verdict_at: Mapped[datetime | None]
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("refunds.id"))
    released_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    """When a person decided to wait no longer for them, although their money has gone back."""

    line: Mapped[ReturnLine] = relationship(back_populates="units")

    @property
    def range(self) -> Range:
        return self.first_unit, self.quantity

    @property
    def is_expected(self) -> bool:
        return self.receipt_id is None and self.released_at is None


class ReturnReceipt(Base):
    """Goods of a return that arrived together. Rows are only added. `reference` is the sender's own id."""

    __tablename__ = "return_receipts"
    __table_args__ = (Index("uq_return_receipts_reference", "return_id", "received_by", COMPARED, unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id"))
    reference: Mapped[str]
    location: Mapped[str]
    received_by: Mapped[str]
    received_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    """What was sent, so that a repeat can be told from another receipt."""
    unknown: Mapped[str | None]
    """Goods in the parcel that no unit of the order accounts for, in words."""
    looked_at: Mapped[datetime | None]
    """When a person has dealt with these."""


class ReturnScan(Base):
    """What a carrier said about a parcel of a return. `reference` is the sender's own id."""

    __tablename__ = "return_scans"
    __table_args__ = (Index("uq_return_scans_reference", "return_id", "sent_by", COMPARED, unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.id"))
    sent_by: Mapped[str]
    reference: Mapped[str]
    words: Mapped[str | None]
    at: Mapped[datetime]
    """When the carrier scanned it."""
    received_at: Mapped[datetime]
