from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base
from order_api.outbox.subjects import Subject


class SubjectProcess(Base):
    """One process of a subject, and which of its instances counts (J2).

    A subject is what a process is about: an order, later a return or a pickup. `business_key` is its public number.
    `process_instance_id` is empty until the first task of an instance reaches a worker, at `started_at`. `restarts`
    is how often an operator made another instance count, `restarted_at` when that last happened. `ended_at` is when the
    service learned from the engine that the instance had completed. `asked_by` may not approve what it is about.
    """

    __tablename__ = "subject_processes"
    __table_args__ = (
        UniqueConstraint("business_key", "process_key"),
        UniqueConstraint("subject_id", "process_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    process_key: Mapped[str]
    stands_for: Mapped[str]
    """The key that messages name: that of our own process, which another one of a collection may replace."""
    business_key: Mapped[str]
    asked_by: Mapped[str | None]
    process_instance_id: Mapped[str | None]
    started_at: Mapped[datetime | None]
    restarts: Mapped[int] = mapped_column(default=0)
    restarted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_kind, self.subject_id, self.order_id, self.business_key)


class OverdueWait(Base):
    """A flow that has waited longer than its limit: of a subject (`business_key`), or of one item or parcel."""

    __tablename__ = "overdue_waits"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    business_key: Mapped[str] = mapped_column(index=True)
    item_id: Mapped[UUID | None]
    shipment_id: Mapped[UUID | None]
    since: Mapped[datetime]


class ShownStatus(Base):
    """When a place of a model last showed its statuses for an order or item (`about_id`), and how often the process had
    been restarted by then. A place is a task on `entry` or `after` its work; see `catching_up.py`."""

    __tablename__ = "shown_statuses"

    about_id: Mapped[UUID] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(primary_key=True)
    restarts: Mapped[int]
    at: Mapped[datetime]


class TaskEffect(Base):
    """An effect that a task must not repeat: it set its statuses on `entry` or `after`, or marked a wait `overdue`."""

    __tablename__ = "task_effects"

    task_id: Mapped[str] = mapped_column(primary_key=True)
    effect: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
