"""Reading what belongs together as it is at one moment, whatever others commit while it is being read."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from order_api.core.database import transaction


@contextmanager
def snapshot() -> Iterator[Session]:
    """A transaction that sees the database as at its first query, and writes nothing."""
    with transaction() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        yield session
