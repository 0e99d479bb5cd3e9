"""Which application the student chose instead of one that was withdrawn"""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KEY = "fk_application_status_kept_id_application"


def upgrade() -> None:
    with op.batch_alter_table("application_status") as status:
        status.add_column(sa.Column("kept_id", BIG))
        status.create_foreign_key(KEY, "application", ["kept_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("application_status") as status:
        status.drop_constraint(KEY, type_="foreignkey")
        status.drop_column("kept_id")
