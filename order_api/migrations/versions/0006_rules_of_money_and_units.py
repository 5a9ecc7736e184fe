"""rules of money and units, indexes of steps and statuses

Revision ID: 0006
Revises: 0005
"""

from alembic import op

from order_api.migrations.online import build_index, drop_index

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    with op.get_context().autocommit_block():
        build_index('ix_fulfillment_orders_item_id', 'fulfillment_orders', ['item_id'])
        build_index('ix_orders_status', 'orders', ['collection_id', 'status', 'placed_at', 'id'])
        build_index('ix_orders_status_anywhere', 'orders', ['status', 'placed_at', 'id'])


def downgrade() -> None:
    with op.get_context().autocommit_block():
        drop_index('ix_orders_status_anywhere', 'orders')
        drop_index('ix_orders_status', 'orders')
        drop_index('ix_fulfillment_orders_item_id', 'fulfillment_orders')
