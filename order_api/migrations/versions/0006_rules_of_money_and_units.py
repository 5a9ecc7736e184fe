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


def downgrade() -> None:
    with op.get_context().autocommit_block():
        drop_index('ix_fulfillment_orders_item_id', 'fulfillment_orders')
