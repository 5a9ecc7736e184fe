"""Changes of tables in use, for the `autocommit_block()` of a migration: each is a transaction of its own, so that
readers and writers wait for no more than one, and each can be repeated when a later one gave up.
"""

from typing import Any

from alembic import op


def build_index(name: str, table: str, columns: list[Any], **how: Any) -> None:
    """Beside those who write. One that was given up is there, and of no use to anybody."""
    drop_index(name, table)
    op.create_index(name, table, columns, postgresql_concurrently=True, **how)


def drop_index(name: str, table: str) -> None:
    op.drop_index(name, table_name=table, postgresql_concurrently=True, if_exists=True)


def add_rules(table: str, rules: dict[str, str]) -> None:
    """By name. New rows obey at once; then the old ones are looked through, beside those who read and write."""
    again = [
        f"DROP CONSTRAINT IF EXISTS {name}, ADD CONSTRAINT {name} {rule} NOT VALID" for name, rule in rules.items()
    ]
    op.execute(f"ALTER TABLE {table} {', '.join(again)}")
    for name in rules:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
