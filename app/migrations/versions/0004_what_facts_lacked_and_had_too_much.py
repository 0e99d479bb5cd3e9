"""A programme's provider is one of its facts; what nobody reads goes"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

UNREAD = {"location_code": sa.String(7), "first_start": sa.Date(), "last_start": sa.Date()}


def upgrade() -> None:
    op.add_column("programme_facts", sa.Column("provider_code", sa.String(7), server_default="", nullable=False))
    op.execute(
        "UPDATE programme_facts SET provider_code ="
        " (SELECT p.provider_code FROM programme p WHERE p.id = programme_facts.programme_id)"
    )
    op.drop_index("ix_programme_facts_place", "programme_facts")
    # SQLite can drop columns itself: a copy of the table would take along what points at it.
    for name in UNREAD:
        op.drop_column("programme_facts", name)


def downgrade() -> None:
    for name, kind in UNREAD.items():
        empty = "" if isinstance(kind, sa.String) else None
        op.add_column("programme_facts", sa.Column(name, kind, nullable=empty is None, server_default=empty))
    op.create_index("ix_programme_facts_place", "programme_facts", ["place"])
    op.drop_column("programme_facts", "provider_code")
