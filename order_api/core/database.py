"""PostgreSQL: the one engine of a process, the base of all tables, and the transaction every story runs in."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Enum,
    ForeignKey,
    MetaData,
    Numeric,
    Text,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from order_api.core.settings import settings


class Base(DeclarativeBase):
    """Money is BigInteger (minor units), prices and rates are exact Numeric, times are aware."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        str: Text(),
        int: BigInteger(),
        Decimal: Numeric(),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=lambda words: [w.value for w in words]),
    }


def sibling(column: str) -> ForeignKey:
    """A reference between rows that are stored in one go, in any order: checked when the transaction ends."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


GONE_WITHOUT_A_WORD = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server whose machine vanished sends no farewell: after some 25 s the connection counts as lost, not after hours in
which a worker would keep the locks of its tasks."""


@cache
def engine() -> Engine:
    """Parameters and rows stay out of error messages, which end in logs and incidents: they are names and addresses.

    As many connections as gunicorn's 16 threads may need: a refused order looks up the known one beside its own.
    """
    url = settings().database_url
    created = create_engine(
        url,
        pool_size=20,
        max_overflow=15,
        pool_timeout=10,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args=GONE_WITHOUT_A_WORD,
    )
    _ask_idle_connections(created)
    _leave_out_rows(created)
    return created


def _leave_out_rows(created: Engine) -> None:
    """The first line of PostgreSQL's message names the rule; its DETAIL holds the row that broke it."""

    @event.listens_for(created, "handle_error")
    def leave_out(context: Any) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None:
                error.args = tuple(_first_line(part) for part in error.args)


def _first_line(part: Any) -> Any:
    return part.partition("\n")[0] if isinstance(part, str) else part


IDLE_SECONDS = 1.0


def _ask_idle_connections(pooled: Engine) -> None:
    """A connection that lay idle is asked whether it still lives, and replaced if not.

    SQLAlchemy's own `pool_pre_ping` asks each time, which doubles the round trips of a short transaction.
    """

    @event.listens_for(pooled, "checkin")
    def lay_down(connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(pooled, "checkout")
    def take_up(connection: Any, record: Any, _: Any) -> None:
        idle = time.monotonic() - record.info.get("idle_since", time.monotonic())
        if idle > IDLE_SECONDS:
            try:
                pooled.dialect.do_ping(connection)
            except pooled.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


@cache
def _sessions() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commits when the block ends, undoes everything when it raises. Never held across a call to an outside system."""
    with _sessions().begin() as session:
        yield session


@cache
def _single_statements() -> sessionmaker[Session]:
    return sessionmaker(engine().execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False)


@contextmanager
def single_statement() -> Iterator[Session]:
    """Each statement is a transaction of its own: one round trip instead of three, where there is nothing to hold
    together."""
    with _single_statements()() as session:
        yield session


def lock_key(*parts: str) -> int:
    """A number for an advisory lock; different parts give different numbers for all practical purposes."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def lock(session: Session, *parts: str) -> None:
    """Waits until nobody else holds the lock of these words; released when the transaction ends or its process dies."""
    session.execute(select(func.pg_advisory_xact_lock(lock_key(*parts))))


def try_lock(session: Session, *parts: str) -> bool:
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_key(*parts)))))
