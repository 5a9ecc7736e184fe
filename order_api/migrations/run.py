"""Brings the database to the schema of this release; concurrent runs take turns."""

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from order_api.core.database import engine, turn

HERE = Path(__file__).parent
DATABASE_TIMEOUT = 60


def config(*more_versions: Path) -> Config:
    """Our migrations and, after them, those in the folders `more_versions`."""
    alembic = Config()
    alembic.set_main_option("script_location", str(HERE))
    alembic.set_main_option("path_separator", "newline")
    alembic.set_main_option("version_locations", "\n".join(map(str, (HERE / "versions", *more_versions))))
    return alembic


class SchemaUnknown(RuntimeError):
    """The database has a schema that the migrations of this release do not know."""


class TablesInUse(RuntimeError):
    """A table stayed locked for longer than a migration may block other queries."""


def migrate(*more_versions: Path) -> None:
    """Repeating is safe: the next run continues where this one stopped. Raises TablesInUse and SchemaUnknown."""
    _wait_for_database()
    with turn("migrate"):
        _refuse_unknown_schema(more_versions)
        try:
            command.upgrade(config(*more_versions), "head")
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            raise TablesInUse(
                "Another program, perhaps a report or a backup, keeps a table locked. The migration stopped so that "
                "the shop does not wait. Nothing was lost: run the command again."
            ) from error


def _refuse_unknown_schema(more_versions: tuple[Path, ...]) -> None:
    revisions = {script.revision for script in ScriptDirectory.from_config(config(*more_versions)).walk_revisions()}
    with engine().connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in revisions:
        raise SchemaUnknown(
            f"The database has the schema {revision!r}, which this release cannot upgrade: delete the demo's "
            "database with `make reset`, or empty any other database yourself."
        )


def _wait_for_database() -> None:
    deadline = time.monotonic() + DATABASE_TIMEOUT
    while True:
        try:
            with engine().connect():
                return
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
