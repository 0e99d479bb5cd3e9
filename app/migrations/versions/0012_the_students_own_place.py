"""The student's own place: mail wanted, who came without DigiD, what stays of who was removed"""

import sqlalchemy as sa
from alembic import op

from app.models.columns import Moment, Uuid


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

KEPT = "ix_application_kept"


def upgrade() -> None:
    with op.batch_alter_table("student") as student:
        student.alter_column("bsn_hash", existing_type=sa.String(64), nullable=True)
        student.add_column(
            sa.Column("wants_mail", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        student.add_column(sa.Column("warned_at", Moment()))
        student.add_column(sa.Column("group_id", Uuid))
        student.create_index("ix_student_seen_at", ["seen_at"])
    with op.batch_alter_table("draft") as draft:
        draft.add_column(sa.Column("reminded_at", Moment()))
        draft.create_index("ix_draft_cohort_id", ["cohort_id"])
    with op.batch_alter_table("application") as application:
        application.alter_column("draft_id", existing_type=Uuid, nullable=True)
        application.alter_column("keten_id", existing_type=sa.String(13), nullable=True)
        application.alter_column("document", existing_type=sa.LargeBinary(), nullable=True)
        application.add_column(sa.Column("removed_at", Moment()))
        application.add_column(sa.Column("group_id", Uuid))
        application.add_column(
            sa.Column("age_band", sa.String(10), nullable=False, server_default="")
        )
    op.create_index(
        KEPT,
        "application",
        ["submitted_at", "id"],
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    with op.batch_alter_table("job") as job:
        job.add_column(sa.Column("student_id", Uuid))
        job.create_foreign_key("fk_job_student_id_student", "student", ["student_id"], ["id"])
        job.create_index("ix_job_student_id", ["student_id"])
    with op.batch_alter_table("institution") as institution:
        institution.add_column(sa.Column("registratiecode", sa.LargeBinary()))
        institution.add_column(sa.Column("registratiecode_hash", sa.String(64)))


def downgrade() -> None:
    with op.batch_alter_table("institution") as institution:
        institution.drop_column("registratiecode_hash")
        institution.drop_column("registratiecode")
    with op.batch_alter_table("job") as job:
        job.drop_index("ix_job_student_id")
        job.drop_constraint("fk_job_student_id_student", type_="foreignkey")
        job.drop_column("student_id")
    op.drop_index(KEPT, "application")
    with op.batch_alter_table("application") as application:
        application.drop_column("age_band")
        application.drop_column("group_id")
        application.drop_column("removed_at")
        application.alter_column("document", existing_type=sa.LargeBinary(), nullable=False)
        application.alter_column("keten_id", existing_type=sa.String(13), nullable=False)
        application.alter_column("draft_id", existing_type=Uuid, nullable=False)
    with op.batch_alter_table("draft") as draft:
        draft.drop_index("ix_draft_cohort_id")
        draft.drop_column("reminded_at")
    with op.batch_alter_table("student") as student:
        student.drop_index("ix_student_seen_at")
        student.drop_column("group_id")
        student.drop_column("warned_at")
        student.drop_column("wants_mail")
        student.alter_column("bsn_hash", existing_type=sa.String(64), nullable=False)
