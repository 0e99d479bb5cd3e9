"""Links by which students confirm their e-mail address"""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("student_id", sa.String(36), nullable=False),
        sa.Column("email_hash", sa.String(64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name="fk_email_link_student_id_student"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_email_link"),
    )
    op.create_index("ix_email_link_student_id", "email_link", ["student_id"])


def downgrade() -> None:
    op.drop_table("email_link")
