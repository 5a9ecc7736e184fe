"""request id of outbox rows

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.add_column('outbox', sa.Column('request_id', sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column('outbox', 'request_id')
