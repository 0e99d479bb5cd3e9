"""An entry for each span that a programme can be applied for; words count from an edition"""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXED = ("brin", "group_id", "place")


def upgrade() -> None:
    for table in ("search_posting", "search_place"):
        op.add_column(table, sa.Column("edition", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_table("search_entry")
    entries("title_id", "facts_id", "opens")
    op.create_index("ix_search_entry_facts_id", "search_entry", ["facts_id"])
    for name in ("opens", "closes"):
        op.drop_column("programme_facts", name)


def downgrade() -> None:
    for name in ("opens", "closes"):
        op.add_column("programme_facts", sa.Column(name, sa.Date()))
    op.drop_table("search_entry")
    entries("title_id", "facts_id", more=(sa.UniqueConstraint("facts_id", name="uq_search_entry_facts_id"),))
    for table in ("search_posting", "search_place"):
        op.drop_column(table, "edition")


def entries(*key: str, more: tuple[sa.Constraint, ...] = ()) -> None:
    """Empty: `flask migrate` writes anew what programmes are found by."""
    op.create_table(
        "search_entry",
        sa.Column("title_id", ID, nullable=False),
        sa.Column("facts_id", ID, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("brin", sa.String(4), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("leertraject", sa.String(10), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("called", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facts_id", "until"],
            ["programme_facts.id", "programme_facts.until"],
            name="fk_search_entry_facts_id_programme_facts",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["title_id"], ["search_title.id"], name="fk_search_entry_title_id_search_title"),
        sa.PrimaryKeyConstraint(*key, name="pk_search_entry"),
        *more,
        sqlite_with_rowid=False,
    )
    for column in INDEXED:
        op.create_index(f"ix_search_entry_{column}", "search_entry", [column])
