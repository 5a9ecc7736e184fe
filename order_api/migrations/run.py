"""Bring the database to the schema of this release; several that start at once take turns."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from order_api.core.database import engine, lock_key

HERE = Path(__file__).parent
PATIENCE_SECONDS = 60


def config() -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(HERE))
    return alembic


class TablesInUse(RuntimeError):
    """Somebody held a table for longer than a migration may keep everybody else waiting."""


def migrate() -> None:
    """Repeating is safe: it goes on where it gave up. Raises TablesInUse."""
    _wait_for_database()
    with _turn():
        try:
            command.upgrade(config(), "head")
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            raise TablesInUse(
                "A table is in long use, perhaps by a report or a backup, and the shop shall not wait for it: "
                "nothing was lost, run the command again."
            ) from error


@contextmanager
def _turn() -> Iterator[None]:
    """Asks again and again: an index that is built beside its writers waits for every statement that was there before
    it, also for one that waits for its turn."""
    key = {"key": lock_key("migrate")}
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
            time.sleep(0.2)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _wait_for_database() -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with engine().connect():
                return
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
