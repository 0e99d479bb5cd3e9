"""Which application the student chose instead of one that was withdrawn"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEY = "fk_application_status_kept_id_application"
# A row that is replaced (REPLACE INTO) is deleted without the triggers of a deletion.
REPLACED = (
    "CREATE TRIGGER audit_replace BEFORE INSERT ON audit "
    "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'audit only grows'); END"
)


def upgrade() -> None:
    with op.batch_alter_table("application_status") as status:
        status.add_column(sa.Column("kept_id", BIG))
        status.create_foreign_key(KEY, "application", ["kept_id"], ["id"], ondelete="SET NULL")
        status.create_index("ix_application_status_kept_id", ["kept_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(REPLACED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_replace")
    with op.batch_alter_table("application_status") as status:
        status.drop_index("ix_application_status_kept_id")
        status.drop_constraint(KEY, type_="foreignkey")
        status.drop_column("kept_id")
