"""Programmes are sorted by name, and not by its length"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

CALLED = sa.BigInteger()


def upgrade() -> None:
    # `flask migrate` writes anew what programmes are found by.
    op.add_column("search_entry", sa.Column("called", CALLED, server_default="0", nullable=False))
    op.drop_column("search_entry", "letters")


def downgrade() -> None:
    op.add_column("search_entry", sa.Column("letters", sa.Integer(), server_default="0", nullable=False))
    op.drop_column("search_entry", "called")
