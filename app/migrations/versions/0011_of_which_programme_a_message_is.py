"""Of which programme a message is, so that the list of one costs no more when others have many"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

UUID = sa.String(36)
KEY = "fk_message_programme_id_programme"
INDEX = "ix_message_programme"


def upgrade() -> None:
    op.add_column("message", sa.Column("programme_id", UUID))
    op.execute(
        "UPDATE message SET programme_id = (SELECT cohort.programme_id FROM application"
        " JOIN cohort ON cohort.id = application.cohort_id"
        " WHERE application.id = message.application_id)"
    )
    with op.batch_alter_table("message") as message:
        message.alter_column("programme_id", existing_type=UUID, nullable=False)
        message.create_foreign_key(KEY, "programme", ["programme_id"], ["id"])
    op.create_index(INDEX, "message", ["koppelpunt_id", "programme_id", "change_number"])


def downgrade() -> None:
    op.drop_index(INDEX, "message")
    with op.batch_alter_table("message") as message:
        message.drop_constraint(KEY, type_="foreignkey")
        message.drop_column("programme_id")
