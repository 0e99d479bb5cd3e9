"""The catalogue"""

from hashlib import md5

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

RETURN_URLS = ("return_url", "return_url_failed")
OF_PROGRAMME = {
    "name": sa.String(225),
    "name_english": sa.String(225),
    "official_name": sa.String(225),
    "search_text": sa.Text(),
    "crebo": sa.String(5),
    "level": sa.Integer(),
    "leertraject": sa.String(10),
    "location_code": sa.String(7),
    "place": sa.String(80),
    "street": sa.String(100),
    "language": sa.String(3),
    "website": sa.String(500),
    "description": sa.Text(),
    "duration": sa.String(20),
    "first_start": sa.Date(),
    "last_start": sa.Date(),
    "ends": sa.Date(),
    "active": sa.Boolean(),
    "digest": sa.String(64),
}
OF_COHORT = {
    "open": sa.Boolean(),
    "apply_from": sa.Date(),
    "apply_until": sa.Date(),
    "start": sa.Date(),
    "start_from": sa.Date(),
    "start_until": sa.Date(),
    "permission_required": sa.Boolean(),
    "permission_note": sa.Text(),
    "places": sa.Integer(),
    "access_code": sa.String(60),
    "active": sa.Boolean(),
    "version": sa.Integer(),
    "digest": sa.String(64),
}
EMPTY = (
    *("level", "first_start", "last_start", "ends", "apply_until"),
    *("start", "start_from", "start_until", "places"),
)



def upgrade() -> None:
    op.create_table('catalogue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.BigInteger(), nullable=False),
    sa.Column('changes', sa.BigInteger(), nullable=False),
    sa.Column('synced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('followed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(length=200), server_default='', nullable=False),
    sa.Column('problem_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_catalogue'))
    )
    op.create_table('catalogue_read',
    sa.Column('programme_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('programme_id', name=op.f('pk_catalogue_read'))
    )
    op.create_table('catalogue_run',
    sa.Column('edition', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('holder', sa.String(length=36), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.Float(), nullable=False),
    sa.Column('providers', sa.JSON(), nullable=False),
    sa.Column('done', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('edition', name=op.f('pk_catalogue_run'))
    )
    op.create_table('refused_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('brin', sa.String(length=4), nullable=False),
    sa.Column('parameter', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.String(length=30), nullable=False),
    sa.Column('link', sa.String(length=200), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['brin'], ['institution.brin'], name=op.f('fk_refused_link_brin_institution')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refused_link')),
    sa.UniqueConstraint('brin', 'parameter', 'reason', 'link', name=op.f('uq_refused_link_brin'))
    )
    op.create_table('programme_facts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('programme_id', sa.String(length=36), nullable=False),
    sa.Column('edition', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('brin', sa.String(length=4), nullable=False),
    sa.Column('name', sa.String(length=225), nullable=False),
    sa.Column('name_english', sa.String(length=225), nullable=False),
    sa.Column('official_name', sa.String(length=225), nullable=False),
    sa.Column('group_key', sa.String(length=32), nullable=False),
    sa.Column('crebo', sa.String(length=5), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('leertraject', sa.String(length=10), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('requirements', sa.Boolean(), nullable=False),
    sa.Column('location_code', sa.String(length=7), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('street', sa.String(length=100), nullable=False),
    sa.Column('language', sa.String(length=3), nullable=False),
    sa.Column('website', sa.String(length=500), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('duration', sa.String(length=20), nullable=False),
    sa.Column('first_start', sa.Date(), nullable=True),
    sa.Column('last_start', sa.Date(), nullable=True),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('opens', sa.Date(), nullable=True),
    sa.Column('closes', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['brin'], ['institution.brin'], name=op.f('fk_programme_facts_brin_institution')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_facts_programme_id_programme')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_facts'))
    )
    with op.batch_alter_table('programme_facts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_facts_edition'), ['edition'], unique=False)
        batch_op.create_index('ix_programme_facts_group', ['group_key'], unique=False)
        batch_op.create_index('ix_programme_facts_place', ['place'], unique=False)
        batch_op.create_index('ix_programme_facts_school', ['brin', 'crebo'], unique=False)
        batch_op.create_index('ix_programme_facts_until', ['programme_id', 'until'], unique=False)
        batch_op.create_index('uq_programme_facts_now', ['programme_id'], unique=True, sqlite_where=sa.text('until = 4611686018427387904'), postgresql_where=sa.text('until = 4611686018427387904'))

    op.create_table('cohort_facts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('facts_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cohort_id', sa.String(length=36), nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.Column('apply_from', sa.Date(), nullable=False),
    sa.Column('apply_until', sa.Date(), nullable=True),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('start_from', sa.Date(), nullable=True),
    sa.Column('start_until', sa.Date(), nullable=True),
    sa.Column('permission_required', sa.Boolean(), nullable=False),
    sa.Column('permission_note', sa.Text(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('access_code', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohort.id'], name=op.f('fk_cohort_facts_cohort_id_cohort')),
    sa.ForeignKeyConstraint(['facts_id'], ['programme_facts.id'], name=op.f('fk_cohort_facts_facts_id_programme_facts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_facts'))
    )
    with op.batch_alter_table('cohort_facts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_facts_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cohort_facts_facts_id'), ['facts_id'], unique=False)

    op.add_column("institution", sa.Column("aliases", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("institution", sa.Column("whitelist", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("programme", sa.Column("whitelisted", sa.Boolean(), server_default=sa.false(), nullable=False))
    for table in ("institution", "programme"):
        for name in RETURN_URLS:
            op.add_column(table, sa.Column(name, sa.String(length=2048), server_default="", nullable=False))
    move_facts()
    op.drop_index(op.f("ix_programme_crebo"), "programme")
    # SQLite can drop columns itself: a copy of the table would take along what points at it.
    for name in OF_COHORT:
        op.drop_column("cohort", name)
    for name in OF_PROGRAMME:
        op.drop_column("programme", name)


def move_facts() -> None:
    """Each fact keeps to be known; the next synchronisation writes them all anew."""
    connection = op.get_bind()
    metadata = sa.MetaData()
    metadata.reflect(connection)
    table = metadata.tables
    programme, cohort = table["programme"], table["cohort"]
    brins = dict(connection.execute(sa.select(table["provider"].c.code, table["provider"].c.brin)).all())
    known = connection.execute(sa.select(programme)).mappings().all()
    if known:
        connection.execute(sa.insert(table["catalogue"]), {"id": 1, "edition": 1, "changes": 1})
    kept = [n for n in OF_PROGRAMME if n not in ("search_text", "digest")]
    for row in known:
        brin = brins[row["provider_code"]]
        facts = {
            **{name: row[name] for name in kept},
            "programme_id": row["id"],
            "edition": 1,
            "until": 2**62,
            "digest": "",
            "brin": brin,
            "group_key": md5(f"{brin} {row['name']}".encode(), usedforsecurity=False).hexdigest(),
            "restricted": False,
            "requirements": False,
        }
        added = connection.execute(sa.insert(table["programme_facts"]), facts)
        facts_id = added.inserted_primary_key[0]
        of_it = sa.select(cohort).where(cohort.c.programme_id == row["id"], cohort.c.active)
        for item in connection.execute(of_it).mappings().all():
            connection.execute(
                sa.insert(table["cohort_facts"]),
                {
                    **{n: item[n] for n in OF_COHORT if n not in ("active", "version", "digest")},
                    "facts_id": facts_id,
                    "cohort_id": item["id"],
                },
            )


def downgrade() -> None:
    """The facts come back with the next synchronisation."""
    for name, kind in OF_PROGRAMME.items():
        op.add_column("programme", column(name, kind))
    for name, kind in OF_COHORT.items():
        op.add_column("cohort", column(name, kind))
    op.create_index(op.f("ix_programme_crebo"), "programme", ["crebo"])
    op.drop_column("programme", "whitelisted")
    op.drop_column("institution", "whitelist")
    op.drop_column("institution", "aliases")
    for table in ("institution", "programme"):
        for name in RETURN_URLS:
            op.drop_column(table, name)
    for table in ("cohort_facts", "programme_facts", "refused_link", "catalogue_run", "catalogue_read", "catalogue"):
        op.drop_table(table)


def column(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    empty = None if name in EMPTY else sa.text("'2000-01-01'") if isinstance(kind, sa.Date) else "0"
    return sa.Column(name, kind, nullable=name in EMPTY, server_default=empty)
