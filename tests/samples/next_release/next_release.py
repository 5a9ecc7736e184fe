"""What a migration of a later release looks like: an index and a rule, brought to tables in use

Revision ID: next_release
Revises: baseline
"""

from alembic import op

from order_api.migrations.online import add_rules, build_index

revision = "next_release"
down_revision = "baseline_6"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        build_index("ix_order_items_sku", "order_items", ["sku"])
        add_rules("shipments", {"ck_shipments_carrier": "CHECK (carrier <> '')"})
