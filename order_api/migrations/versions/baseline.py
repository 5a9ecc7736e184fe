"""The first schema: every table of the models, in an empty database

Revision ID: baseline
Revises:
"""

from alembic import op

from order_api.core.database import Base

revision = "baseline"
down_revision = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
