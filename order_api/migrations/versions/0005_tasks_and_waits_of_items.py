"""tasks of fulfillment orders, overdue items

Revision ID: 0005
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.add_column('fulfillment_orders', sa.Column('task_id', sa.Text(), nullable=True))
    op.add_column('order_items', sa.Column('overdue_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('order_items', 'overdue_at')
    op.drop_column('fulfillment_orders', 'task_id')
