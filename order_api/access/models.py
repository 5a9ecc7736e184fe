from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from order_api.core.database import Base


class ApiKey(Base):
    """The credential of a program, bound to one collection and, for a sales channel, to that channel.

    A key without a channel, such as a warehouse's, sees all orders of the collection.
    """

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("order_collections.id"))
    channel: Mapped[str | None]
    store_keys: Mapped[list[Any] | None]
    """The stores of a store's own program."""
    requests_per_second: Mapped[int | None]
    """The collection's, if null."""
    revoked_at: Mapped[datetime | None]


class User(Base):
    """A member of staff. `collection_ids` null means every collection; `logged_out_at` ends older log-ins."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    username: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    collection_ids: Mapped[list[Any] | None]
    store_keys: Mapped[list[Any] | None]
    """The stores of a store operator."""
    disabled_at: Mapped[datetime | None]
    logged_out_at: Mapped[datetime | None]

    @property
    def collections(self) -> frozenset[UUID] | None:
        """The collections whose orders the user sees; None means every collection."""
        return None if self.collection_ids is None else frozenset(map(UUID, self.collection_ids))

    def may_see(self, collection_id: UUID) -> bool:
        return self.disabled_at is None and (self.collections is None or collection_id in self.collections)


class RateReport(Base):
    """What a key asked of a process of the API between its last two reports. Not logged: a crash may lose it."""

    __tablename__ = "rate_reports"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    process: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked: Mapped[int]
    reported_at: Mapped[datetime]


class LoginAttempts(Base):
    """What came of log-ins with a name, which may be unknown, from an address. `failures` since the last success."""

    __tablename__ = "login_attempts"

    address: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """One answered request of an actor, stored so that a repeat gets the same bytes."""

    __tablename__ = "idempotency_keys"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
