"""indexes of lists

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'


def upgrade() -> None:
    op.drop_index('ix_orders_total', table_name='orders')
    op.create_index('ix_orders_total', 'orders', ['collection_id', 'currency', 'grand_total', 'id'])
    op.create_index('ix_orders_placed_anywhere', 'orders', ['placed_at', 'id'])
    op.create_index('ix_orders_total_anywhere', 'orders', ['currency', 'grand_total', 'id'])
    op.create_index('ix_orders_external_id', 'orders', ['external_id'])
    op.drop_index('ix_orders_customer', table_name='orders')
    op.create_index('ix_orders_customer', 'orders', ['customer_id'])
    op.create_index('ix_orders_customer_email', 'orders', [sa.text('lower(customer_email)')])


def downgrade() -> None:
    op.drop_index('ix_orders_customer_email', table_name='orders')
    op.drop_index('ix_orders_customer', table_name='orders')
    op.create_index('ix_orders_customer', 'orders', ['collection_id', 'customer_id'])
    op.drop_index('ix_orders_external_id', table_name='orders')
    op.drop_index('ix_orders_total_anywhere', table_name='orders')
    op.drop_index('ix_orders_placed_anywhere', table_name='orders')
    op.drop_index('ix_orders_total', table_name='orders')
    op.create_index('ix_orders_total', 'orders', ['collection_id', 'grand_total', 'id'])
