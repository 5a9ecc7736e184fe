"""Migrations produce the schema of the models, and a live database keeps working meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text

from deploy.local.postgres import EmbeddedPostgres
from order_api.core.database import Base, engine
from order_api.migrations import all_models
from order_api.migrations.run import SchemaUnknown, TablesInUse, config, migrate
from tests.fixtures.platform import DATABASE_PASSWORD
from tests.fixtures.service import forget_settings


@pytest.mark.usefixtures("migrated")
def test_the_migrations_create_exactly_the_tables_of_the_models() -> None:
    assert all_models, "imported for its tables"

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []


RULES = """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = current_schema::regnamespace AND contype IN ('c', 'f', 'u', 'p')"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema"
OF_ALEMBIC = "alembic_version"
NEXT_RELEASE = Path(__file__).parents[1] / "samples" / "next_release"
NEWEST = ScriptDirectory.from_config(config()).get_current_head()


def rules(connection: Connection, schema: str) -> set[tuple[str, ...]]:
    """Table, name and text of all constraints and indexes. Alembic itself does not compare checks and conditions."""
    connection.execute(text(f"SET LOCAL search_path = {schema}"))
    rows = [*connection.execute(text(RULES)), *connection.execute(text(INDEXES))]
    return {tuple(part.replace(f"{schema}.", "") for part in row) for row in rows if row[0] != OF_ALEMBIC}


@pytest.mark.usefixtures("migrated")
def test_the_migrations_create_exactly_the_rules_of_the_models() -> None:
    with engine().connect() as connection:
        connection.execute(text("CREATE SCHEMA of_models"))
        translated = connection.execution_options(schema_translate_map={None: "of_models"})
        Base.metadata.create_all(translated)

        differences = rules(connection, "of_models") ^ rules(connection, "public")

    assert differences == set()


@pytest.fixture
def live(postgres: EmbeddedPostgres, system_env: dict[str, str]) -> Iterator[None]:
    """The settings name a database without tables; a test migrates it to the live release."""
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
@pytest.mark.parametrize("table", ["order_items", "shipments"])
def test_a_migration_gives_up_on_a_table_in_use_and_goes_on_when_it_is_repeated(table: str) -> None:
    migrate()

    with engine().begin() as buyer:
        buyer.execute(text(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE"))
        with pytest.raises(TablesInUse, match="run the command again"):
            migrate(NEXT_RELEASE)
    given_up_at = revision()
    migrate(NEXT_RELEASE)

    assert (given_up_at, revision()) == (NEWEST, "next_release")


@pytest.mark.usefixtures("live")
def test_readers_and_writers_go_on_while_indexes_are_built_and_constraints_are_validated() -> None:
    statements: list[str] = []
    migrate()

    event.listen(engine(), "before_cursor_execute", lambda *asked: statements.append(asked[2]))
    migrate(NEXT_RELEASE)

    assert any("CREATE INDEX" in sql for sql in statements)
    assert [sql for sql in statements if "CREATE" in sql and "INDEX" in sql and "CONCURRENTLY" not in sql] == []
    assert [sql for sql in statements if "ADD CONSTRAINT" in sql and "NOT VALID" not in sql] == []


@pytest.mark.usefixtures("live")
def test_a_migration_may_run_long_and_waits_at_most_three_seconds_for_a_lock() -> None:
    limits: set[tuple[str, ...]] = set()
    migrate()

    def note_limits(_: Connection, cursor: Any, statement: str, *__: Any) -> None:
        if "CREATE INDEX" in statement:
            beside = cursor.connection.cursor()
            shown = [beside.execute(f"SHOW {name}").fetchone()[0] for name in ("lock_timeout", "statement_timeout")]
            limits.add(tuple(shown))

    event.listen(engine(), "before_cursor_execute", note_limits)
    migrate(NEXT_RELEASE)

    assert limits == {("3s", "0")}


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("found", ["0006", "of_another_program"])
def test_an_unknown_schema_is_refused_in_one_sentence_that_names_make_reset(found: str) -> None:
    migrate()
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})

    with pytest.raises(SchemaUnknown, match=rf"^The database has the schema '{found}'.*`make reset`[^.]*\.$"):
        migrate()

    assert revision() == found


@pytest.mark.usefixtures("live")
def test_migrations_that_start_at_once_take_turns() -> None:
    with ThreadPoolExecutor(2) as programs:
        for turn in [programs.submit(migrate) for _ in range(2)]:
            turn.result()

    assert revision() == NEWEST


@pytest.mark.usefixtures("migrated")
def test_a_program_of_the_previous_release_can_still_receive_stock() -> None:
    columns, values = "reference, sku, location, bin, quantity, at", "'before', 'MUG', 'main', 'default', 1, now()"

    with engine().begin() as connection:
        connection.execute(text(f"INSERT INTO stock_receipts ({columns}) VALUES ({values})"))
