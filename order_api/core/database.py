"""PostgreSQL: the one engine of a process, the base of all tables, and the transaction every story runs in."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, sessionmaker

from order_api.core.keys import compared
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
        date: Date(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        str: Text(),
        int: BigInteger(),
        Decimal: Numeric(),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=lambda words: [w.value for w in words]),
    }


def deferred_reference(column: str) -> ForeignKey:
    """A reference between rows that are stored in one go, in any order: checked when the transaction ends."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


TCP_KEEPALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""Detects within about 25 s that the database server has vanished. The default takes hours, and a worker would keep its
tasks meanwhile."""

LOCK_TIMEOUT, STATEMENT_TIMEOUT = 5.0, 15.0
"""Seconds. A longer wait for a lock, or a longer statement, undoes the story. A caller of the API gets a 503 with
Retry-After and tries again; the engine hands a task out again."""

TIMEOUTS = f"-c lock_timeout={LOCK_TIMEOUT:.0f}s -c statement_timeout={STATEMENT_TIMEOUT:.0f}s"


@cache
def engine() -> Engine:
    """Errors leave out parameters and rows, because these hold personal data and errors end up in logs and incidents.

    The pool has a connection for every thread of a process, and some to spare: a relay has eight threads per lane.
    """
    url = settings().database_url
    created = create_engine(
        url,
        pool_size=20,
        max_overflow=45,
        pool_timeout=10,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={**TCP_KEEPALIVE, "options": TIMEOUTS},
    )
    _ping_idle_connections(created)
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


def _ping_idle_connections(pooled: Engine) -> None:
    """Pings a connection that was idle, and replaces it if it is dead.

    SQLAlchemy's own `pool_pre_ping` pings each time, which doubles the round trips of a short transaction.
    """

    @event.listens_for(pooled, "checkin")
    def note_idle(connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(pooled, "checkout")
    def check_idle(connection: Any, record: Any, _: Any) -> None:
        idle = time.monotonic() - record.info.get("idle_since", time.monotonic())
        if idle > IDLE_SECONDS:
            try:
                pooled.dialect.do_ping(connection)
            except pooled.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


@cache
def _sessions() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


class InsideTransaction(RuntimeError):
    """A transaction is open in this thread: another one could wait for its locks, and a call would prolong it."""


_is_open: ContextVar[bool] = ContextVar("a transaction is open", default=False)


def refuse_inside_transaction(what: str) -> None:
    """Raises InsideTransaction when this thread has a transaction open."""
    if _is_open.get():
        raise InsideTransaction(
            f"{what} inside a transaction: code that takes a session begins no other and calls no outside system."
        )


@contextmanager
def transaction() -> Iterator[Session]:
    """Commits when the block ends, undoes everything when it raises. Refuses to begin inside another one.

    No transaction stays open during a call to an outside system: ports refuse such a call.
    """
    with _marked("A transaction was begun"), _sessions().begin() as session:
        yield session


@contextmanager
def _marked(what: str) -> Iterator[None]:
    refuse_inside_transaction(what)
    mark = _is_open.set(True)
    try:
        yield
    finally:
        _is_open.reset(mark)


@cache
def _single_statements() -> sessionmaker[Session]:
    return sessionmaker(engine().execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False)


@contextmanager
def single_statement() -> Iterator[Session]:
    """Each statement is its own transaction: one round trip instead of three, for statements that need not commit
    together."""
    with _marked("A single statement was sent"), _single_statements()() as session:
        yield session


TURN_INTERVAL = 0.2


def lock_key(*parts: str) -> int:
    """A number for an advisory lock; different parts give different numbers for all practical purposes."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@contextmanager
def turn(*parts: str) -> Iterator[None]:
    """Waits for the lock of these words and holds it without a transaction, until the block ends or its process dies.

    Polls with a try-lock: building an index concurrently waits for every older statement, including one that blocks
    on this lock.
    """
    key = {"key": lock_key(*parts)}
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
            time.sleep(TURN_INTERVAL)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def same_key(column: InstrumentedAttribute[str], key: str) -> ColumnElement[bool]:
    """Selects by what keys are compared by; a unique index of `normalize` serves it."""
    return func.normalize(column) == compared(key)


def take_lock(session: Session, *parts: str) -> None:
    """Waits for the lock of these words and holds it until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(lock_key(*parts))))


def try_lock(session: Session, *parts: str) -> bool:
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(lock_key(*parts)))))
