"""What programmes are found by"""

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # First, as search_entry points at it.
    op.create_index('uq_programme_facts_id_until', 'programme_facts', ['id', 'until'], unique=True)
    op.create_table('search_place',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_search_place')),
    sqlite_with_rowid=False
    )
    op.create_table('search_title',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_title')),
    sa.UniqueConstraint('digest', name=op.f('uq_search_title_digest'))
    )
    op.create_table('search_word',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('word', sa.String(length=40).with_variant(sa.VARCHAR(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_word')),
    sa.UniqueConstraint('word', name=op.f('uq_search_word_word'))
    )
    op.create_table('search_inner',
    sa.Column('form', sa.String(length=40).with_variant(sa.VARCHAR(length=40, collation='C'), 'postgresql'), nullable=False),
    sa.Column('word_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['word_id'], ['search_word.id'], name=op.f('fk_search_inner_word_id_search_word'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('form', 'word_id', name=op.f('pk_search_inner')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_inner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_inner_word_id'), ['word_id'], unique=False)

    op.create_table('search_posting',
    sa.Column('word_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['title_id'], ['search_title.id'], name=op.f('fk_search_posting_title_id_search_title'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['word_id'], ['search_word.id'], name=op.f('fk_search_posting_word_id_search_word')),
    sa.PrimaryKeyConstraint('word_id', 'title_id', name=op.f('pk_search_posting')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_posting_title_id'), ['title_id'], unique=False)

    op.create_table('search_trace',
    sa.Column('form', sa.String(length=10).with_variant(sa.VARCHAR(length=10, collation='C'), 'postgresql'), nullable=False),
    sa.Column('word_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['word_id'], ['search_word.id'], name=op.f('fk_search_trace_word_id_search_word'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('form', 'word_id', name=op.f('pk_search_trace')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_trace', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_trace_word_id'), ['word_id'], unique=False)

    op.create_table('search_entry',
    sa.Column('title_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('facts_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.Column('edition', sa.BigInteger(), nullable=False),
    sa.Column('group_id', sa.BigInteger(), nullable=False),
    sa.Column('brin', sa.String(length=4), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('leertraject', sa.String(length=10), nullable=False),
    sa.Column('opens', sa.Integer(), nullable=False),
    sa.Column('closes', sa.Integer(), nullable=False),
    sa.Column('letters', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['facts_id', 'until'], ['programme_facts.id', 'programme_facts.until'], name=op.f('fk_search_entry_facts_id_programme_facts'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['title_id'], ['search_title.id'], name=op.f('fk_search_entry_title_id_search_title')),
    sa.PrimaryKeyConstraint('title_id', 'facts_id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('facts_id', name=op.f('uq_search_entry_facts_id')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_entry_brin'), ['brin'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_entry_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_entry_place'), ['place'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('search_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_entry_place'))
        batch_op.drop_index(batch_op.f('ix_search_entry_group_id'))
        batch_op.drop_index(batch_op.f('ix_search_entry_brin'))

    op.drop_table('search_entry')
    with op.batch_alter_table('search_trace', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_trace_word_id'))

    op.drop_table('search_trace')
    with op.batch_alter_table('search_posting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_posting_title_id'))

    op.drop_table('search_posting')
    with op.batch_alter_table('search_inner', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_inner_word_id'))

    op.drop_table('search_inner')
    op.drop_table('search_word')
    op.drop_table('search_title')
    op.drop_table('search_place')
    op.drop_index('uq_programme_facts_id_until', 'programme_facts')
