"""Acts of concurrent programs, played in the thread of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from order_api.core.database import engine


@contextmanager
def transaction_of_another() -> Iterator[Session]:
    """A concurrent transaction, like one of another program; commits when the block ends."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session
