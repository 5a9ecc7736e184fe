"""The schema that migrations bring is the one that the models describe, and a live database goes on meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from deploy.local.postgres import EmbeddedPostgres
from order_api.core.database import Base, engine
from order_api.migrations import all_models
from order_api.migrations.run import TablesInUse, config, migrate
from tests.fixtures.platform import DATABASE_PASSWORD
from tests.fixtures.service import forget_settings


@pytest.mark.usefixtures("migrated")
def test_the_migrations_bring_exactly_the_tables_of_the_models() -> None:
    assert all_models, "imported for its tables"

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


@pytest.fixture
def live(postgres: EmbeddedPostgres, system_env: dict[str, str]) -> Iterator[None]:
    """The settings name a database without tables, whose schema a test brings to the release that is live."""
    name = f"live_{uuid4().hex[:8]}"
    postgres.ensure_database(name, DATABASE_PASSWORD)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", postgres.url(name, name, DATABASE_PASSWORD))
        forget_settings()
        yield
        engine().dispose()
    forget_settings()


def revision() -> str | None:
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@pytest.mark.usefixtures("live")
def test_a_migration_gives_up_on_a_table_in_use_and_goes_on_when_it_is_repeated() -> None:
    command.upgrade(config(), "0003")

    with engine().begin() as buyer:
        buyer.execute(text("LOCK TABLE order_items IN ROW EXCLUSIVE MODE"))
        with pytest.raises(TablesInUse, match="run the command again"):
            migrate()
    assert revision() == "0004"
    migrate()

    assert revision() not in ("0003", "0004")


@pytest.mark.usefixtures("live")
def test_migrations_that_start_at_once_take_turns() -> None:
    with ThreadPoolExecutor(2) as programs:
        for turn in [programs.submit(migrate) for _ in range(2)]:
            turn.result()

    assert revision() is not None


@pytest.mark.usefixtures("migrated")
def test_a_program_of_the_release_before_can_still_receive_stock() -> None:
    columns, values = "reference, sku, location, bin, quantity, at", "'before', 'MUG', 'main', 'default', 1, now()"

    with engine().begin() as connection:
        connection.execute(text(f"INSERT INTO stock_receipts ({columns}) VALUES ({values})"))
