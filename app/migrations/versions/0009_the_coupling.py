"""The coupling with the schools' systems"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
GROWS = "audit only grows"  # rows of two years and older may go (RET-3)
SQLITE = (
    f"CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{GROWS}'); END",
    "CREATE TRIGGER audit_delete BEFORE DELETE ON audit WHEN OLD.at > datetime('now', '-2 years') "
    f"BEGIN SELECT RAISE(ABORT, '{GROWS}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '2 years' THEN RETURN OLD; END IF; "
    f"RAISE EXCEPTION '{GROWS}'; END $$",
    "CREATE TRIGGER audit_grows BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_grows()",
    "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{GROWS}'; END $$",
    "CREATE TRIGGER audit_stays BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()",
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("koppelpunt") as koppelpunt:
        koppelpunt.add_column(sa.Column("name", sa.String(80), server_default="", nullable=False))
        koppelpunt.add_column(sa.Column("code_key", sa.String(60)))
        koppelpunt.add_column(sa.Column("off", sa.Boolean, server_default=sa.false(), nullable=False))
        koppelpunt.add_column(sa.Column("sis", sa.String(30), server_default="", nullable=False))
        koppelpunt.add_column(
            sa.Column("acknowledging", sa.Boolean, server_default=sa.false(), nullable=False)
        )
        koppelpunt.add_column(
            sa.Column("nudge_url", sa.String(2048), server_default="", nullable=False)
        )
        koppelpunt.add_column(sa.Column("seen_at", MOMENT))
    op.execute("UPDATE koppelpunt SET code_key = lower(code)")
    twice = op.get_bind().execute(
        sa.text("SELECT min(code), max(code) FROM koppelpunt GROUP BY code_key HAVING count(*) > 1")
    ).first()
    if twice:
        raise SystemExit(f"Two koppelpunten differ in capitals only, {twice[0]} and {twice[1]}: rename one")
    with op.batch_alter_table("koppelpunt") as koppelpunt:
        koppelpunt.alter_column("code_key", existing_type=sa.String(60), nullable=False)
        koppelpunt.create_unique_constraint("uq_koppelpunt_code_key", ["code_key"])
    op.create_table(
        "koppelpunt_provider",
        sa.Column("koppelpunt_id", BIG, nullable=False),
        sa.Column("provider_code", sa.String(7), nullable=False),
        sa.ForeignKeyConstraint(
            ["koppelpunt_id"], ["koppelpunt.id"], name="fk_koppelpunt_provider_koppelpunt_id_koppelpunt"
        ),
        sa.ForeignKeyConstraint(
            ["provider_code"], ["provider.code"], name="fk_koppelpunt_provider_provider_code_provider"
        ),
        sa.PrimaryKeyConstraint("koppelpunt_id", "provider_code", name="pk_koppelpunt_provider"),
    )
    with op.batch_alter_table("application") as application:
        application.add_column(sa.Column("kind", sa.String(1), server_default="A", nullable=False))
        application.alter_column("student_id", existing_type=sa.String(36), nullable=True)
    op.create_index("ix_application_cohort_id", "application", ["cohort_id"])
    with op.batch_alter_table("application_status") as status:
        status.add_column(sa.Column("counts", sa.Boolean, server_default=sa.true(), nullable=False))
        status.add_column(
            sa.Column("message_id", sa.String(100), server_default="", nullable=False)
        )
        status.add_column(sa.Column("reason", sa.String(20), server_default="", nullable=False))
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("document", sa.LargeBinary))
        message.add_column(sa.Column("latest", sa.Boolean, server_default=sa.true(), nullable=False))
        message.add_column(sa.Column("waiting", sa.Boolean, server_default=sa.true(), nullable=False))
        message.add_column(sa.Column("given_at", MOMENT))
        message.add_column(sa.Column("acknowledged_at", MOMENT))
        message.add_column(sa.Column("error_at", MOMENT))
    op.execute(
        "UPDATE message SET latest = false, waiting = false WHERE EXISTS (SELECT 1 FROM message later"
        " WHERE later.application_id = message.application_id"
        " AND later.change_number > message.change_number)"
    )
    op.create_index(
        "uq_message_latest_application_id",
        "message",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("latest = 1"),
        postgresql_where=sa.column("latest"),
    )
    op.create_index("ix_application_koppelpunt_id", "application", ["koppelpunt_id", "requested_at"])
    op.create_index("ix_application_brin", "application", ["brin", "requested_at"])
    for state in ("waiting", "latest"):
        op.create_index(
            f"ix_message_{state}",
            "message",
            ["koppelpunt_id", "change_number"],
            sqlite_where=sa.text(f"{state} = 1"),
            postgresql_where=sa.column(state),
        )
    op.create_table(
        "error_report",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_error_report_message_id_message"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_error_report"),
        sa.UniqueConstraint("message_id", "text_hash", name="uq_error_report_message_id"),
    )
    op.create_table(
        "sis_client",
        sa.Column("client_id", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_sis_client"),
    )
    op.create_table(
        "sis_client_school",
        sa.Column("client_id", sa.String(60), nullable=False),
        sa.Column("brin", sa.String(4), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["sis_client.client_id"], name="fk_sis_client_school_client_id_sis_client"
        ),
        sa.ForeignKeyConstraint(
            ["brin"], ["institution.brin"], name="fk_sis_client_school_brin_institution"
        ),
        sa.PrimaryKeyConstraint("client_id", "brin", name="pk_sis_client_school"),
    )
    op.create_index("ix_sis_client_school_brin", "sis_client_school", ["brin"])
    op.create_table(
        "sis_key",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("client_id", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(11), nullable=False),
        sa.Column("kid", sa.String(100), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("active_from", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.ForeignKeyConstraint(
            ["client_id"], ["sis_client.client_id"], name="fk_sis_key_client_id_sis_client"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sis_key"),
        sa.UniqueConstraint("client_id", "kid", name="uq_sis_key_client_id"),
    )
    op.create_table(
        "status_message",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("brin", sa.String(4), nullable=False),
        sa.Column("message_id", sa.String(100), nullable=False),
        sa.Column("sender", sa.String(60), nullable=False),
        sa.Column("ca_keten_id", sa.String(36)),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("receivers", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_status_message"),
        sa.UniqueConstraint("brin", "message_id", name="uq_status_message_brin"),
    )
    op.create_index("ix_status_message_ca_keten_id", "status_message", ["ca_keten_id"])
    op.create_index("ix_status_message_received_at", "status_message", ["received_at"])
    op.create_table(
        "audit",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_kind", sa.String(15), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("action", sa.String(30), nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("result", sa.String(30), nullable=False),
        sa.Column("origin", sa.String(45), nullable=False),
        sa.Column("brin", sa.String(4), nullable=False),
        sa.Column("number", sa.Integer, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_brin_at", "audit", ["brin", "at"])
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    without = op.get_bind().execute(sa.text("SELECT 1 FROM application WHERE student_id IS NULL"))
    if without.first():
        raise SystemExit("Interessemeldingen without a student have no place in the schema before this")
    op.drop_index("ix_application_brin", "application")
    op.drop_index("ix_application_koppelpunt_id", "application")
    op.drop_index("uq_message_latest_application_id", "message")
    for table in (
        *("audit", "status_message", "sis_key", "sis_client_school", "sis_client"),
        *("error_report", "koppelpunt_provider"),
    ):
        op.drop_table(table)
    if dialect == "postgresql":
        op.execute("DROP FUNCTION audit_grows")
        op.execute("DROP FUNCTION audit_stays")
    for state in ("waiting", "latest"):
        op.drop_index(f"ix_message_{state}", "message")
    with op.batch_alter_table("message") as message:
        for name in ("error_at", "acknowledged_at", "given_at", "waiting", "latest", "document"):
            message.drop_column(name)
    with op.batch_alter_table("application_status") as status:
        for name in ("reason", "message_id", "counts"):
            status.drop_column(name)
    op.drop_index("ix_application_cohort_id", "application")
    with op.batch_alter_table("application") as application:
        application.alter_column("student_id", existing_type=sa.String(36), nullable=False)
        application.drop_column("kind")
    with op.batch_alter_table("koppelpunt") as koppelpunt:
        koppelpunt.drop_constraint("uq_koppelpunt_code_key", type_="unique")
        for name in ("seen_at", "nudge_url", "acknowledging", "sis", "off", "code_key", "name"):
            koppelpunt.drop_column(name)
