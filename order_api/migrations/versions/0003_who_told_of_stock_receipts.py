"""who told of stock receipts

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('stock_receipts', sa.Column('told_by', sa.Text(), nullable=False, server_default='system'))


def downgrade() -> None:
    op.drop_column('stock_receipts', 'told_by')
