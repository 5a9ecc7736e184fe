"""Consistent reads: several queries see the database at one moment, despite concurrent commits."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from order_api.core.database import transaction


@contextmanager
def snapshot() -> Iterator[Session]:
    """A read-only transaction in which every query sees the database as of the first one."""
    with transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session
