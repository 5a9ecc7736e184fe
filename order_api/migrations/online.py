"""Changes to tables in use, for the `autocommit_block()` of a migration.

Each statement commits by itself, so readers and writers never wait for more than one statement. Repeating a change is
safe, so a migration that gave up halfway can run again.
"""

from typing import Any

from alembic import op


def build_index(name: str, table: str, columns: list[Any], **how: Any) -> None:
    """Builds the index without blocking writers. First drops the invalid index of an aborted build."""
    drop_index(name, table)
    op.create_index(name, table, columns, postgresql_concurrently=True, **how)


def drop_index(name: str, table: str) -> None:
    op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)


def add_rules(table: str, rules: dict[str, str]) -> None:
    """Adds the named rules. New rows must comply at once; old rows are checked without blocking reads or writes."""
    clauses = [
        f"DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} {rule} NOT VALID" for name, rule in rules.items()
    ]
    op.execute(f"ALTER TABLE {table} {', '.join(clauses)}")
    for name in rules:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
