"""Bring the database to the schema of this release; several that start at once take turns."""

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from order_api.core.database import engine, lock_key

HERE = Path(__file__).parent
PATIENCE_SECONDS = 60


def config() -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(HERE))
    return alembic


def migrate() -> None:
    _wait_for_database()
    with engine().connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": lock_key("migrate")})
        connection.commit()
        try:
            command.upgrade(config(), "head")
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": lock_key("migrate")})


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
