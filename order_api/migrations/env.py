"""Alembic, run from `order-service migrate`: the metadata of all slices against the configured database."""

from alembic import context

from order_api.core.database import Base, engine
from order_api.migrations import all_models

assert all_models, "imported for its tables"

with engine().connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
