"""The school's own privacy statement"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "institution",
        sa.Column("privacy_url", sa.String(2048), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("institution", "privacy_url")
