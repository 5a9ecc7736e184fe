"""The schema that migrations bring is the one that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from order_api.core.database import Base, engine
from order_api.migrations import all_models


@pytest.mark.usefixtures("migrated")
def test_the_migrations_bring_exactly_the_tables_of_the_models() -> None:
    assert all_models, "imported for its tables"

    with engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, Base.metadata)

    assert differences == []
