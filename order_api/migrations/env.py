"""Alembic's environment for `order-service migrate`: all tables, against the configured database."""

from alembic import context
from sqlalchemy import text

from order_api.core.database import Base, engine
from order_api.migrations import all_models

assert all_models, "imported for its tables"

# DDL that waits for a table lock blocks every later query on the table, so it gives up early to keep the shop open.
LOCK_TIMEOUT = "3s"

with engine().connect() as connection:
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text("SET statement_timeout = 0"))
    connection.commit()
    context.configure(
        connection=connection, target_metadata=Base.metadata, compare_type=True, transaction_per_migration=True
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.invalidate()  # Its timeouts are only for migrations.
